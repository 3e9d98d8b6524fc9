//! A post said again elsewhere: what of it comes along. Separate from `history`, which brings a post back to what it said: this is
//! another post, on channels that are chosen for it.

use crate::{Belonging, Channel, Content, Target, Themes};

/// The same on these channels: where it went already as it went there, elsewhere in the languages that the channel speaks and it
/// has, or else in its first. What was written for a channel that is not among them stays behind.
pub fn onto<'a>(content: &Content, channels: impl Iterator<Item = &'a Channel>) -> Content {
    let target = |channel: &Channel| {
        let before = content.targets.iter().find(|target| target.channel == channel.id);
        before.cloned().unwrap_or_else(|| {
            let spoken = channel.languages.iter().filter(|language| content.texts.contains_key(*language));
            let mut languages: Vec<_> = spoken.cloned().collect();
            if languages.is_empty() {
                languages.extend(content.texts.keys().next().cloned());
            }
            Target::new(channel.id.clone(), languages)
        })
    };
    let mut copy = Content { targets: channels.map(target).collect(), ..content.clone() };
    let targets = &copy.targets;
    copy.versions.retain(|version| targets.iter().any(|target| target.channel == version.channel));
    copy
}

/// What of a belonging a new post may have, and the names of what it may not: what is over takes in nothing new.
pub fn belonging(themes: &Themes, before: Belonging) -> (Belonging, Vec<String>) {
    let mut over = Vec::new();
    let campaigns = themes.campaigns.iter().map(|one| (&one.id, one.name.as_str(), one.archived));
    let pillars = themes.pillars.iter().map(|one| (&one.id, one.name.as_str(), one.archived));
    let audiences = themes.audiences.iter().map(|one| (&one.id, one.name.as_str(), one.archived));
    let messages = themes.messages.iter().map(|one| (&one.id, one.name.as_str(), one.archived));
    let (campaign, pillar) = (still(before.campaign, campaigns, &mut over), still(before.pillar, pillars, &mut over));
    let (audience, message) =
        (still(before.audience, audiences, &mut over), still(before.message, messages, &mut over));
    // A message is carried under its pillar, and not where that is given up.
    let message = message.filter(|_| pillar.is_some());
    (Belonging { campaign, pillar, audience, message }, over)
}

fn still<'a, T: PartialEq + 'a>(
    before: Option<T>,
    mut all: impl Iterator<Item = (&'a T, &'a str, bool)>,
    over: &mut Vec<String>,
) -> Option<T> {
    let before = before?;
    let (_, name, is_over) = all.find(|(id, ..)| **id == before)?;
    if is_over {
        over.push(name.to_owned());
        return None;
    }
    Some(before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ChannelId, Health, HealthState, Language, Network, Pillar, PillarId, content::Version, silence::Voice,
    };

    fn channel(n: u128, languages: &[&str]) -> Channel {
        Channel {
            id: ChannelId::from_bits(n),
            network: Network::Noticeboard,
            name: "Tablón".to_owned(),
            handle: String::new(),
            address: None,
            languages: languages.iter().map(|tag| tag.parse().unwrap()).collect(),
            limits: Network::Noticeboard.limits(),
            health: Health { state: HealthState::Working, last_success: None, expires: None, last_error: None },
            assisted: false,
            voice: Voice::default(),
        }
    }

    #[test]
    fn it_goes_as_it_went_where_it_went_and_elsewhere_in_what_is_spoken_there() {
        let (es, gl): (Language, Language) = ("es".parse().unwrap(), "gl".parse().unwrap());
        let text = |channel| Version {
            channel: ChannelId::from_bits(channel),
            language: es.clone(),
            text: "Corto.".to_owned(),
            warning: None,
        };
        let content = Content {
            texts: [(es.clone(), "Mañana hay feria.".to_owned()), (gl.clone(), "Mañá hai feira.".to_owned())].into(),
            targets: vec![
                Target { pin: true, ..Target::new(ChannelId::from_bits(1), vec![es.clone()]) },
                Target::new(ChannelId::from_bits(2), vec![es.clone()]),
            ],
            versions: vec![text(1), text(2)],
            ..Content::default()
        };
        let to = [channel(1, &["es", "gl"]), channel(3, &["gl", "en"]), channel(4, &["en"])];
        let copy = onto(&content, to.iter());
        let elsewhere = |n, language: &Language| Target::new(ChannelId::from_bits(n), vec![language.clone()]);
        assert_eq!(copy.targets, [content.targets[0].clone(), elsewhere(3, &gl), elsewhere(4, &es)]);
        assert_eq!(copy.versions, [text(1)], "what was written for a channel goes with it");
        assert_eq!((copy.texts, onto(&content, [].into_iter()).targets), (content.texts, vec![]));
    }

    #[test]
    fn what_is_over_takes_in_no_copy_and_is_named() {
        let pillar = |n: u128, name: &str, archived| Pillar {
            id: PillarId::from_bits(n),
            version: 1,
            name: name.to_owned(),
            archived,
        };
        let themes =
            Themes { pillars: vec![pillar(1, "Limpieza", false), pillar(2, "Feria", true)], ..Themes::default() };
        let of = |n: u128| Belonging { pillar: Some(PillarId::from_bits(n)), ..Belonging::default() };
        assert_eq!(belonging(&themes, of(1)), (of(1), vec![]));
        assert_eq!(belonging(&themes, of(2)), (Belonging::default(), vec!["Feria".to_owned()]));
        for n in 1..4 {
            assert_eq!(themes.admit(&Belonging::default(), &belonging(&themes, of(n)).0), Ok(()), "{n}");
        }
    }
}
