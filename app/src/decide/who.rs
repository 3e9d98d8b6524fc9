//! Who is signed in and what they decide on, read by hand. Separate from the contract's own readers: of an organisation
//! with its policy, its zone and its channels this page shows a name, and to read the rest of it is a tenth of the page.
//! What is not read stands at what allows nothing. A content is never read like this: what is signed must be shown whole,
//! and only its own reader refuses what it does not know.

use domain::{
    Access, Channel, Health, Limits, MemberId, Millis, Moment, Organisation, Policy, Slug, policy::RuleSet,
    silence::Voice, zone::Zone,
};
use serde_json::Value;
use wire::session::{Boot, Me};

use crate::{
    api::json::pick,
    waits::{moment, text},
};

/// The first answer of the engine; nothing if it is not one.
pub fn boot(tree: Value) -> Option<Boot> {
    let is = |name: &str| tree[name].as_bool().unwrap_or_default();
    Some(Boot {
        set_up: is("set_up"),
        demo: is("demo"),
        mail: is("mail"),
        now: moment(&tree["now"])?,
        version: String::new(),
        me: if tree["me"].is_null() { None } else { Some(me(&tree["me"])?) },
        week: None,
    })
}

/// Who is signed in.
pub fn me(tree: &Value) -> Option<Me> {
    let body = &tree["organisation"];
    let organisation = Organisation {
        id: body["id"].as_str()?.parse().ok()?,
        slug: Slug::try_from(text(&body["slug"])).ok()?,
        name: text(&body["name"]),
        kind: pick(body["kind"].clone())?,
        zone: text(&body["zone"]),
        languages: pick(body["languages"].clone())?,
        colour: text(&body["colour"]).try_into().ok()?,
        crest: body["crest"].as_str().and_then(|crest| crest.parse().ok()),
        policy: Policy {
            rules: RuleSet::default(),
            unapproved: Vec::new(),
            window: Millis(0),
            alert: Vec::new(),
            duty: Vec::new(),
            telling: std::collections::BTreeSet::new(),
            utm: domain::utm::Sites::default(),
        },
        pause: None,
        version: body["version"].as_u64()?,
    };
    Some(Me {
        member: tree["member"].as_str()?.parse().ok()?,
        name: text(&tree["name"]),
        role: pick(tree["role"].clone())?,
        access: Access::Limited { channels: Vec::new(), from: Moment(0), until: Moment(0) },
        session: tree["session"].as_str()?.parse().ok()?,
        organisation,
        zone: Zone { name: String::new(), initial: 0, transitions: Vec::new() },
        heartbeat: None,
        waiting: 0,
        waiting_more: false,
        troubled: 0,
        unread: 0,
    })
}

/// A channel.
pub fn channel(tree: &Value) -> Option<Channel> {
    let (limits, health) = (&tree["limits"], &tree["health"]);
    let number = |name: &str| limits[name].as_u64().and_then(|number| u32::try_from(number).ok());
    let said = |value: &Value| value.as_str().map(str::to_owned);
    Some(Channel {
        id: tree["id"].as_str()?.parse().ok()?,
        network: pick(tree["network"].clone())?,
        name: text(&tree["name"]),
        handle: text(&tree["handle"]),
        address: said(&tree["address"]),
        languages: pick(tree["languages"].clone())?,
        assisted: tree["assisted"] == true,
        // Nobody looks after channels here.
        voice: Voice::default(),
        limits: Limits {
            counting: pick(limits["counting"].clone())?,
            text: number("text")?,
            caption: number("caption"),
            text_bytes: number("text_bytes"),
            link_counts: number("link_counts")?,
            pictures: number("pictures")?,
            picture_bytes: number("picture_bytes")?,
            picture_pixels: number("picture_pixels"),
            video_bytes: number("video_bytes"),
            alt_text: number("alt_text")?,
            languages: number("languages")?,
            picture_types: pick(limits["picture_types"].clone())?,
            least_pictures: number("least_pictures").unwrap_or_default(),
            shapes: pick(limits["shapes"].clone()),
            marks: pick(limits["marks"].clone()),
            // Nobody writes one here.
            polls: None,
            comments_closed: limits["comments_closed"] == true,
        },
        health: Health {
            state: pick(health["state"].clone())?,
            last_success: moment(&health["last_success"]),
            expires: moment(&health["expires"]),
            last_error: said(&health["last_error"]),
        },
    })
}

/// A member and their name.
pub fn name(pair: &Value) -> Option<(MemberId, String)> {
    Some((pair[0].as_str()?.parse().ok()?, text(&pair[1])))
}

#[cfg(test)]
mod tests {
    use domain::{BodyKind, Colour, HealthState, Language, Network, OrganisationId, Role, SessionId};

    use super::*;

    #[test]
    fn what_this_page_shows_is_read_as_it_was_written() {
        let organisation = Organisation {
            id: OrganisationId::from_bits(1),
            slug: Slug::suggest("Villar del Río").unwrap(),
            name: "Ayuntamiento de Villar del Río".to_owned(),
            kind: BodyKind::Municipality,
            zone: "Europe/Madrid".to_owned(),
            languages: vec![Language::spanish()],
            colour: Colour::DEFAULT,
            crest: None,
            policy: Policy { window: Millis(0), ..Policy::default() },
            pause: None,
            version: 7,
        };
        let me = Me {
            member: MemberId::from_bits(2),
            name: "Ana".to_owned(),
            role: Role::Approver,
            access: Access::Limited { channels: Vec::new(), from: Moment(0), until: Moment(0) },
            session: SessionId::from_bits(3),
            organisation,
            zone: Zone { name: String::new(), initial: 0, transitions: Vec::new() },
            heartbeat: None,
            waiting: 0,
            waiting_more: false,
            troubled: 0,
            unread: 0,
        };
        let version = String::new();
        let written = Boot { set_up: true, demo: true, mail: false, now: Moment(9), version, me: Some(me), week: None };
        assert_eq!(boot(serde_json::to_value(&written).unwrap()), Some(written));
        assert_eq!(boot(Value::Null), None);
    }

    #[test]
    fn a_channel_is_read_whole() {
        let limits = Network::Telegram.limits();
        let health =
            Health { state: HealthState::Working, last_success: Some(Moment(1)), expires: None, last_error: None };
        let written = Channel {
            id: domain::ChannelId::from_bits(1),
            network: Network::Telegram,
            name: "Telegram".to_owned(),
            handle: "@villar".to_owned(),
            address: None,
            languages: vec![Language::spanish()],
            assisted: true,
            voice: Voice::default(),
            limits,
            health,
        };
        assert_eq!(channel(&serde_json::to_value(&written).unwrap()), Some(written));
    }
}
