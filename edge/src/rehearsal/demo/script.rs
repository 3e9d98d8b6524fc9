//! Reading the script of the demo (`town.txt`). A scene is five lines: what happens, then title and text in Spanish
//! and in English. The first line: days from today, the hour (or hours before now), kind, what becomes of it (with the
//! hour that is planned for it, days from today), letters of the channels, the author (with the campaign, the pillar
//! and the audience that it is filed under, and the picture), and for an event: days after, hour, length in hours, place.

use domain::{Kind, Refusal};

use super::misread;
use crate::store;

const SCRIPT: &str = include_str!("town.txt");

/// What becomes of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Draft,
    Returned,
    Review,
    Approved,
    Placed,
    Out,
    Failed,
    Held,
    Unknown,
    InHand,
    Cancelled,
    TakenDown,
    Correcting,
    /// Published in an emergency, and to be ratified.
    Urgent,
    /// Published in an emergency, and ratified.
    Ratified,
}

/// An hour of a day, or so long before now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hour {
    At(u32, u32),
    Before(u32, u32),
}

/// An event of a scene.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub days: i64,
    pub hour: (u32, u32),
    pub hours: i64,
    pub place: String,
}

/// A scene.
#[derive(Debug, Clone)]
pub struct Scene {
    pub days: i64,
    pub hour: Hour,
    pub kind: Kind,
    pub fate: Fate,
    /// Days from today and hour that are planned for what is not placed; an hour of the past is one that it lost.
    pub plan: Option<(i64, (u32, u32))>,
    pub channels: String,
    pub author: String,
    /// The words of its campaign, of its pillar and of its audience; empty where there is none.
    pub belongs: [String; 3],
    /// The word of its picture.
    pub picture: Option<String>,
    pub event: Option<Event>,
    /// Title and text in Spanish, then in English.
    pub texts: [String; 4],
}

/// Reads all of them.
///
/// # Errors
/// `Malformed` names the header that cannot be read.
pub fn read() -> Result<Vec<Scene>, Refusal> {
    SCRIPT.trim().split("\n\n").map(|block| scene(block).ok_or_else(|| misread(first_line(block)))).collect()
}

fn first_line(block: &str) -> &str {
    block.lines().next().unwrap_or_default()
}

fn scene(block: &str) -> Option<Scene> {
    let mut lines = block.lines();
    let mut words = lines.next()?.split(' ');
    let days = words.next()?.parse().ok()?;
    let hour = match words.next()? {
        before if before.starts_with('-') => clock(before.trim_start_matches('-')).map(|(h, m)| Hour::Before(h, m)),
        at => clock(at).map(|(h, m)| Hour::At(h, m)),
    }?;
    let kind = store::name(words.next()?).ok()?;
    let word = words.next()?;
    let (word, plan) = word.split_once('@').map_or((word, None), |(word, plan)| (word, Some(plan)));
    let plan = match plan {
        Some(plan) => {
            let (days, hour) = plan.split_once('/')?;
            Some((days.parse().ok()?, clock(hour)?))
        }
        None => None,
    };
    let fate = fate(word)?;
    let (channels, author) = (words.next()?.to_owned(), words.next()?);
    let (author, picture) =
        author.split_once('!').map_or((author, None), |(author, word)| (author, Some(word.to_owned())));
    let (author, belongs) = author.split_once('#').unwrap_or((author, "/"));
    let (campaign, rest) = belongs.split_once('/')?;
    let (pillar, audience) = rest.split_once('/').unwrap_or((rest, ""));
    let (author, belongs) = (author.to_owned(), [campaign, pillar, audience].map(str::to_owned));
    let event = match words.next() {
        Some("event") => Some(Event {
            days: words.next()?.parse().ok()?,
            hour: clock(words.next()?)?,
            hours: words.next()?.parse().ok()?,
            place: words.collect::<Vec<_>>().join(" "),
        }),
        _ => None,
    };
    let mut text = || lines.next().map(str::to_owned);
    let texts = [text()?, text()?, text()?, text()?];
    Some(Scene { days, hour, kind, fate, plan, channels, author, belongs, picture, event, texts })
}

fn clock(text: &str) -> Option<(u32, u32)> {
    let (hour, minute) = text.split_once(':')?;
    Some((hour.parse().ok()?, minute.parse().ok()?))
}

fn fate(word: &str) -> Option<Fate> {
    Some(match word {
        "draft" => Fate::Draft,
        "returned" => Fate::Returned,
        "review" => Fate::Review,
        "approved" => Fate::Approved,
        "placed" => Fate::Placed,
        "out" => Fate::Out,
        "failed" => Fate::Failed,
        "held" => Fate::Held,
        "unknown" => Fate::Unknown,
        "inhand" => Fate::InHand,
        "cancelled" => Fate::Cancelled,
        "takendown" => Fate::TakenDown,
        "correcting" => Fate::Correcting,
        "urgent" => Fate::Urgent,
        "ratified" => Fate::Ratified,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_town_has_sixty_posts_in_every_state() {
        let scenes = read().unwrap();
        assert_eq!(scenes.len(), 60);
        for fate in [
            Fate::Draft,
            Fate::Returned,
            Fate::Review,
            Fate::Approved,
            Fate::Placed,
            Fate::Out,
            Fate::Failed,
            Fate::Held,
            Fate::Unknown,
            Fate::InHand,
            Fate::Cancelled,
            Fate::TakenDown,
            Fate::Correcting,
            Fate::Urgent,
            Fate::Ratified,
        ] {
            assert!(scenes.iter().any(|scene| scene.fate == fate), "{fate:?}");
        }
        assert!(scenes.iter().filter(|scene| scene.event.is_some()).count() >= 5);
        assert!(scenes.iter().filter(|scene| scene.plan.is_some()).count() >= 4);
        assert!(scenes.iter().filter(|scene| scene.picture.is_some()).count() >= 6);
        let under = |place: usize, word: &str| scenes.iter().filter(|scene| scene.belongs[place] == word).count();
        assert!(["recicla", "invierno"].iter().all(|word| under(0, word) >= 3));
        assert!(["servicios", "cultura", "limpia"].iter().all(|word| under(1, word) >= 3));
        assert!(["mayores", "familias", "comercio"].iter().all(|word| under(2, word) >= 2));
    }
}
