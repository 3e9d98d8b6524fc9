//! The fictional town of `--demo`: Villaserena, its people by their offices, four channels, sixty posts over five weeks
//! around today in every state and two languages, six pictures, two campaigns, three pillars, three audiences, a plan, five
//! tasks, a unit, advice and a checklist.
//! One batch: it is there whole or not at all.

mod campaigns;
mod guidance;
mod life;
mod pictures;
mod script;
mod tasks;
mod texts;

use domain::{
    Access, AudienceId, BodyKind, Bylaws, CampaignId, Channel, ChannelId, Colour, Declaration, Health, HealthState,
    Kind, Language, MemberId, Millis, Moment, Network, OrganisationId, Picture, PillarId, Policy, Refusal, Role,
    emergency::{Before, Protocol},
    hours::{Calendar, Hours},
    json,
    party::Party,
    people::{Colleague, People},
    record::{Actor, Subject},
    round::Now,
    silence::Voice,
    zone::Zone,
};
use wire::{Nothing, rehearsal};

use super::{door, people::office};
use crate::{
    answer::Refused,
    app::{App, engine},
    ask::{Api, Ask},
    binds,
    store::{self, Bind, StoreError, Unit, channels, custody, records},
    zones,
};

const ZONE: &str = "Europe/Madrid";

/// Mounts it.
pub fn mount_all(api: Api) -> Api {
    door(api, &rehearsal::DEMO, demo)
}

/// The town while it is being filled in.
struct Town<'a> {
    app: &'a App,
    org: OrganisationId,
    slug: String,
    zone: Zone,
    now: Moment,
    people: Vec<(&'static str, MemberId)>,
    /// The same people, as the rules ask for them.
    seated: People,
    channels: Vec<Channel>,
    policy: Policy,
    bylaws: Bylaws,
    /// What it talks of, by the word that the script uses.
    campaigns: Vec<(&'static str, CampaignId)>,
    pillars: Vec<(&'static str, PillarId)>,
    audiences: Vec<(&'static str, AudienceId)>,
    pictures: Vec<(&'static str, Picture)>,
}

impl Town<'_> {
    /// A person by the word that the script uses.
    fn person(&self, word: &str) -> Result<&MemberId, Refusal> {
        let found = self.people.iter().find(|(known, _)| *known == word);
        found.map(|(_, member)| member).ok_or_else(|| misread(word))
    }

    /// What was true at a time: the people do not change.
    fn then<'a>(&'a self, at: Moment, hours: &'a Hours) -> Now<'a> {
        Now { at, people: &self.seated, calendar: Calendar { hours, zone: &self.zone } }
    }

    /// A channel by its letter in the script.
    fn channel(&self, letter: char) -> Result<&Channel, Refusal> {
        let network = match letter {
            'N' => Network::Noticeboard,
            'F' => Network::Facebook,
            'W' => Network::Whatsapp,
            _ => Network::Mastodon,
        };
        self.channels.iter().find(|channel| channel.network == network).ok_or_else(|| misread("channel"))
    }
}

/// The script is ours: what cannot be read in it is a mistake of ours.
fn misread(what: &str) -> Refusal {
    Refusal::Malformed { field: what.to_owned() }
}

async fn demo(ask: Ask<Nothing>) -> Result<Nothing, Refused> {
    let app = &ask.app;
    if store::organisations::any(&app.db).await?.demo {
        return Ok(Nothing {});
    }
    let now = app.now();
    let org = OrganisationId::from_bits(app.bits());
    let mut unit = Unit::new();
    let slug = store::organisations::free_slug(&app.db, "Villaserena").await?;
    let new = store::organisations::New {
        id: &org,
        slug: &slug,
        name: "Ayuntamiento de Villaserena",
        kind: BodyKind::Municipality,
        zone: ZONE,
        languages: &[Language::spanish(), Language::english()],
        colour: &Colour::DEFAULT,
        policy: &Policy::default(),
        demo: true,
    };
    let noticeboard = store::organisations::found(app, &mut unit, &new);
    let mut town = Town {
        app,
        slug,
        zone: zones::zone(ZONE, now)?,
        now,
        people: Vec::new(),
        seated: People::default(),
        channels: vec![channel_of(noticeboard, Network::Noticeboard, "Tablón de anuncios", "", None)],
        policy: Policy::default(),
        bylaws: Bylaws::default(),
        campaigns: Vec::new(),
        pillars: Vec::new(),
        audiences: Vec::new(),
        pictures: Vec::new(),
        org,
    };
    connect(&mut town, &mut unit);
    settle_in(&mut town, &mut unit);
    entrust(&town, &mut unit)?;
    adopt(&mut town, &mut unit)?;
    prepare(&mut town, &mut unit)?;
    campaigns::keep(&mut town, &mut unit)?;
    town.pictures = pictures::bring(&town, &mut unit).await?;
    texts::keep(&town, &mut unit)?;
    for scene in script::read()? {
        life::play(&town, &mut unit, &scene)?;
    }
    let bylaws = guidance::adopt(&town, &mut unit)?;
    tasks::ask(&town, &bylaws, &mut unit)?;
    match app.db.commit(unit).await {
        // Somebody asked for it twice at once.
        Ok(_) | Err(StoreError::Unique) => Ok(Nothing {}),
        Err(error) => Err(error.into()),
    }
}

fn channel_of(id: ChannelId, network: Network, name: &str, handle: &str, address: Option<&str>) -> Channel {
    Channel {
        id,
        network,
        name: name.to_owned(),
        handle: handle.to_owned(),
        address: address.map(str::to_owned),
        languages: vec![Language::spanish()],
        limits: network.limits(),
        health: Health { state: HealthState::Working, last_success: None, expires: None, last_error: None },
        assisted: network.may_be_assisted(),
        voice: Voice::default(),
    }
}

/// Facebook, WhatsApp and Instagram by hand, and a Mastodon account whose access was revoked three days ago.
fn connect(town: &mut Town<'_>, unit: &mut Unit) {
    let by = MemberId::from_bits(town.app.bits());
    let wanted = [
        (Network::Facebook, "Facebook", "@villaserena", "https://www.facebook.com/villaserena"),
        (Network::Whatsapp, "Canal de WhatsApp", "Villaserena informa", "https://whatsapp.com/channel/villaserena"),
        (Network::Mastodon, "Mastodon", "@villaserena@social.example", "https://social.example/@villaserena"),
        (Network::Instagram, "Instagram", "@villaserena", "https://www.instagram.com/villaserena/"),
    ];
    for (network, name, handle, address) in wanted {
        let mut channel = channel_of(ChannelId::from_bits(town.app.bits()), network, name, handle, Some(address));
        let settings = match network {
            Network::Mastodon => {
                json!({ "account": "https://social.example/1", "id": "1", "server": "https://social.example" })
            }
            _ => json!({}),
        };
        channels::connect(unit, &town.org, &channel, &settings, town.now.minus(Millis::days(60)), &by);
        if network == Network::Mastodon {
            channel.health.state = HealthState::Refused;
            let sql = "UPDATE channel SET health = 'refused', last_success = ?3, last_error = ?4
              WHERE org = ?1 AND id = ?2";
            let (last, error) = (town.now.minus(Millis::days(4)), "The access token was revoked");
            unit.then(sql, binds![&town.org, &channel.id, last, error]);
        }
        let body = json!({ "what": "connected", "channel": channel.id, "network": network, "name": name });
        keep(town, unit, Subject::Channel, &body, town.now.minus(Millis::days(20)));
        town.channels.push(channel);
    }
    town.people.push(("secretaria", by));
}

fn settle_in(town: &mut Town<'_>, unit: &mut Unit) {
    let reach: Vec<ChannelId> = town.channels.iter().take(3).map(|channel| channel.id.clone()).collect();
    let contract = Access::Limited {
        channels: reach,
        from: town.now.minus(Millis::days(30)),
        until: town.now.plus(Millis::days(335)),
    };
    let secretary = town.people.remove(0).1;
    let others = [
        ("alcaldesa", office(Role::Approver), Role::Approver),
        ("tecnico", office(Role::Author), Role::Author),
        ("atencion", office(Role::Community), Role::Community),
        ("urbanismo", "El concejal de urbanismo", Role::Approver),
        ("traductora", office(Role::Translator), Role::Translator),
        ("diseno", office(Role::Designer), Role::Designer),
        ("agencia", "La agencia de turismo", Role::Agency),
        ("archivo", office(Role::Records), Role::Records),
        ("cultura", office(Role::Observer), Role::Observer),
    ];
    let first = std::iter::once(("secretaria", office(Role::Administrator), Role::Administrator, secretary));
    let rest = others.map(|(word, name, role)| (word, name, role, MemberId::from_bits(town.app.bits())));
    for (word, name, role, member) in first.chain(rest) {
        let email = format!("{word}@villaserena.example");
        let access = if role == Role::Agency { &contract } else { &Access::Everywhere };
        let new = store::people::New { id: &member, name, email: Some(&email), role, access };
        store::people::add(town.app, unit, &town.org, &new);
        let body = json!({ "what": "member_joined", "member": member, "name": name, "role": role, "access": access });
        keep(town, unit, Subject::Access, &body, town.now.minus(Millis::days(19)));
        let (id, access) = (member.clone(), access.clone());
        town.seated.colleagues.push(Colleague { id, role, units: Vec::new(), access, mailbox: None });
        town.people.push((word, member));
    }
}

/// Whoever connected the channels answers for them, and the officer with her: but of WhatsApp, which is on one telephone.
fn entrust(town: &Town<'_>, unit: &mut Unit) -> Result<(), Refusal> {
    let (at, people) = (town.now.minus(Millis::days(20)), ["secretaria", "tecnico"]);
    for channel in town.channels.iter().filter(|channel| channel.network != Network::Noticeboard) {
        let both = if channel.network == Network::Whatsapp { &people[..1] } else { &people[..] };
        for word in both {
            custody::first(unit, &town.org, &channel.id, town.person(word)?, at);
        }
    }
    Ok(())
}

/// Emergencies need no approval, and this is whom the town tells.
fn adopt(town: &mut Town<'_>, unit: &mut Unit) -> Result<(), Refusal> {
    let at = town.now.minus(Millis::days(18));
    let (secretary, officer) = (town.person("secretaria")?.clone(), town.person("tecnico")?.clone());
    let duty = vec![officer.clone(), town.person("atencion")?.clone()];
    let reason = "Un aviso de emergencia no puede esperar: se revisa después, en la junta de seguridad.";
    let declaration = Declaration { kind: Kind::Emergency, by: secretary.clone(), at, reason: reason.to_owned() };
    let policy =
        Policy { unapproved: vec![declaration], alert: vec![officer, secretary.clone()], duty, ..Policy::default() };
    unit.then("UPDATE organisation SET policy = ?2 WHERE id = ?1", binds![&town.org, Bind::json(&policy)]);
    let body = json!({ "what": "adopted", "kind": Kind::Emergency, "by": secretary, "reason": reason });
    keep(town, unit, Subject::Declaration, &body, at);
    town.policy = policy;
    Ok(())
}

/// In an emergency whoever writes may publish at once, and the mayor's office ratifies it within a day.
fn prepare(town: &mut Town<'_>, unit: &mut Unit) -> Result<(), Refusal> {
    let role = |role| Party::Role { role };
    let protocol = Protocol {
        publish: vec![role(Role::Author), role(Role::Community)],
        ratify: vec![role(Role::Approver), role(Role::Administrator)],
        before: Before::One { within: Millis::hours(24) },
    };
    let bylaws = std::mem::take(&mut town.bylaws);
    town.bylaws = bylaws.prepare(Some(protocol), &town.seated)?;
    let at = town.now.minus(Millis::days(18));
    store::bylaws::write(unit, &town.org, 0, &town.bylaws, at);
    let by = town.person("secretaria")?;
    let body = json!({ "what": "emergencies_prepared", "protocol": town.bylaws.emergency, "by": by, "version": 1 });
    keep(town, unit, Subject::Bylaws, &body, at);
    Ok(())
}

/// An entry of the record as it would have been written then.
fn keep(town: &Town<'_>, unit: &mut Unit, subject: Subject, body: &serde_json::Value, at: Moment) {
    records::keep_at(town.app, unit, &town.org, (subject, body), at, &actor(town, subject, body));
}

/// Who would have done it: whoever the body names, else the engine for what the engine does, else the secretary.
fn actor(town: &Town<'_>, subject: Subject, body: &serde_json::Value) -> Actor {
    let named = ["/by", "/decision/by/member", "/waiver/by"].iter().find_map(|place| body.pointer(place)?.as_str());
    let person = named.and_then(|text| town.people.iter().find(|(_, member)| member.as_str() == text));
    if person.is_none() && matches!(subject, Subject::Publication | Subject::Incident) {
        return engine("deliver");
    }
    let Some((word, member)) = person.or(town.people.first()) else { return engine("deliver") };
    let device = match *word {
        "alcaldesa" => "Safari, iPhone",
        "tecnico" => "Firefox, Linux",
        "agencia" | "diseno" => "Safari, macOS",
        "atencion" => "Chrome, Android",
        _ => "Edge, Windows",
    };
    let role = town.seated.colleagues.iter().find(|colleague| colleague.id == *member).map(|colleague| colleague.role);
    let (device, how) = (device.to_owned(), "passkey".to_owned());
    Actor::Member { member: member.clone(), role, session: None, device, how }
}
