//! Versions of an asset: what may take the place of what, and what it takes over. Separate from the library: there is what people
//! say of a file, here one file stands for another of which all of that is said already.
//!
//! All versions are one asset. What is said of it, who is seen in it and what they consented to is known by the first one, as it is of
//! what is cut from it; a pointer says which is shown. So nothing has to be carried over, and nothing can be left behind.

use crate::{
    MediaId, Picture, Refusal,
    consent::{Consent, MOST, Shows},
    library::{Asset, Said},
};

/// More versions than this are no versions of one thing.
pub const MOST_VERSIONS: usize = 50;

/// An asset of which there is to be a newer version.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// Its first version, by which all of it is known.
    pub first: &'a MediaId,
    /// The one that is shown.
    pub newest: &'a MediaId,
    /// All of them, these two among them.
    pub versions: &'a [MediaId],
    /// Whether it is a video.
    pub film: bool,
    /// What is said of it.
    pub asset: &'a Asset,
    /// What was consented to.
    pub consents: &'a [Consent],
}

/// What is to be its newest version.
#[derive(Debug, Clone, Copy)]
pub struct Heir<'a> {
    /// The stored object.
    pub media: &'a MediaId,
    /// Whether it is a video.
    pub film: bool,
    /// What it was cut from, or is a version of.
    pub of: Option<&'a MediaId>,
    /// Whether there are several versions of it.
    pub has_versions: bool,
    /// What is said of it.
    pub asset: &'a Asset,
    /// What was consented to in it.
    pub consents: &'a [Consent],
}

/// What becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// It is the newest already: an answer that was lost.
    Nothing,
    /// It was a version before: it is shown again. Nothing else changes.
    Back,
    /// It comes in, and this is said of all of them from now on.
    Joins(Box<Asset>),
}

/// Takes something as the newest version of an asset that stands at `at`. What is said of the older one stays; what the newer one has of
/// its own that forbids (people who are seen, a licence that ends earlier, consents) is added to it, for it may have been in the
/// library for years. `keeps` is whether whoever does it keeps the consents: what one picture's consents say would let another out.
///
/// # Errors
/// `AssetReplaced` where `at` is not the newest, `OtherKind`, `AssetElsewhere`, `ConsentsGuarded`, `TooLarge`.
pub fn replace(line: Line<'_>, at: &MediaId, heir: Heir<'_>, keeps: bool) -> Result<Step, Refusal> {
    if heir.media == line.newest {
        return Ok(Step::Nothing);
    }
    if at != line.newest {
        return Err(Refusal::AssetReplaced { by: line.newest.clone() });
    }
    if line.versions.contains(heir.media) {
        return Ok(Step::Back);
    }
    if heir.film || line.film {
        return Err(Refusal::OtherKind);
    }
    // What was cut from this very asset may stand for it; what belongs to another may not, or what that one's people said would be lost.
    if heir.has_versions || heir.of.is_some_and(|of| of != line.first) {
        return Err(Refusal::AssetElsewhere);
    }
    let too_large = |field: &str, limit: usize, length: usize| {
        Err(Refusal::TooLarge { field: field.to_owned(), limit: limit as u64, length: length as u64 })
    };
    if line.versions.len() >= MOST_VERSIONS {
        return too_large("asset_versions", MOST_VERSIONS, line.versions.len() + 1);
    }
    let (older, newer) = (&line.asset.said, &heir.asset.said);
    if !keeps && (newer.shows == Shows::Persons || !heir.consents.is_empty()) {
        return Err(Refusal::ConsentsGuarded);
    }
    let consents = line.consents.len() + heir.consents.len();
    if consents > MOST {
        return too_large("consents", MOST, consents);
    }
    let shows = if newer.shows == Shows::Persons { Shows::Persons } else { older.shows };
    let until = [older.until, newer.until].into_iter().flatten().min();
    let said = Said { shows, until, ..older.clone() };
    // Above both: a guard over the versions that were read before it joined must not hold by chance.
    let version = line.asset.version.max(heir.asset.version) + 1;
    Ok(Step::Joins(Box::new(Asset { media: line.first.clone(), version, said })))
}

/// A picture of a draft in a newer version: what the draft itself says that it shows stays, and where it must be seen too, if it has
/// the same shape.
pub fn renewed(older: &Picture, newer: Picture) -> Picture {
    let mut alt = newer.alt;
    alt.extend(
        older.alt.iter().filter(|(_, text)| !text.is_empty()).map(|(language, text)| (language.clone(), text.clone())),
    );
    let area = |width: u32, height: u32| u64::from(width) * u64::from(height);
    let is_alike = area(older.width, newer.height) == area(newer.width, older.height);
    Picture { alt, focus: older.focus.filter(|_| is_alike), ..newer }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ConsentId, Focus, Language, PictureType,
        consent::{Age, Giver, Scope},
    };

    fn media(bits: u128) -> MediaId {
        MediaId::from_bits(bits)
    }

    fn asset(bits: u128, version: u64, said: Said) -> Asset {
        Asset { media: media(bits), version, said: Said { name: format!("Foto {bits}"), ..said } }
    }

    fn consent() -> Consent {
        Consent {
            id: ConsentId::from_bits(1),
            version: 1,
            who: "Coro".to_owned(),
            age: Age::Adult,
            giver: Giver::Themselves,
            scope: Scope::Any,
            campaign: None,
            first: "2026-01-01".parse().unwrap(),
            last: "2026-12-31".parse().unwrap(),
            proof: "REG-2026-14".to_owned(),
            withdrawn: None,
        }
    }

    fn until(day: &str) -> Said {
        Said { until: Some(day.parse().unwrap()), ..Said::default() }
    }

    fn persons() -> Said {
        Said { shows: Shows::Persons, ..Said::default() }
    }

    /// Of the asset 1, which has the versions 1 and 2.
    fn takes(older: Said, at: u128, heir: Heir<'_>, keeps: bool) -> Result<Step, Refusal> {
        let (first, newest, versions) = (media(1), media(2), [media(1), media(2)]);
        let asset = asset(1, 4, older);
        let line =
            Line { first: &first, newest: &newest, versions: &versions, film: false, asset: &asset, consents: &[] };
        replace(line, &media(at), heir, keeps)
    }

    fn heir<'a>(id: &'a MediaId, asset: &'a Asset) -> Heir<'a> {
        Heir { media: id, film: false, of: None, has_versions: false, asset, consents: &[] }
    }

    fn joined(step: Result<Step, Refusal>) -> Asset {
        match step {
            Ok(Step::Joins(asset)) => *asset,
            other => panic!("it does not join: {other:?}"),
        }
    }

    #[test]
    fn what_is_said_of_the_older_one_holds_for_the_newer() {
        let (id, new) = (media(3), asset(3, 9, Said { folder: "Otra".to_owned(), ..Said::default() }));
        let older = Said { folder: "Fiestas".to_owned(), tags: vec!["feria".to_owned()], ..persons() };
        let now = joined(takes(older, 2, heir(&id, &new), false));
        assert_eq!((now.media, now.version), (media(1), 10), "above both");
        assert_eq!((now.said.name.as_str(), now.said.folder.as_str()), ("Foto 1", "Fiestas"));
        assert_eq!((now.said.tags.len(), now.said.shows), (1, Shows::Persons));
    }

    #[test]
    fn what_the_newer_one_forbids_of_its_own_is_added_and_nothing_is_loosened() {
        let id = media(3);
        for (older, newer, kept) in [
            (until("2026-06-30"), Said::default(), Some("2026-06-30")),
            (Said::default(), until("2026-06-30"), Some("2026-06-30")),
            (until("2026-06-30"), until("2026-05-31"), Some("2026-05-31")),
            (until("2026-05-31"), until("2026-06-30"), Some("2026-05-31")),
            (Said::default(), Said::default(), None),
        ] {
            let new = asset(3, 1, newer);
            let now = joined(takes(older, 2, heir(&id, &new), false));
            assert_eq!(now.said.until.map(|day| day.to_string()).as_deref(), kept);
        }
        let nobody = Said { shows: Shows::Nobody, ..Said::default() };
        let new = asset(3, 1, nobody.clone());
        assert_eq!(joined(takes(Said::default(), 2, heir(&id, &new), false)).said.shows, Shows::Unsaid);
        let new = asset(3, 1, persons());
        assert_eq!(takes(nobody.clone(), 2, heir(&id, &new), false), Err(Refusal::ConsentsGuarded));
        assert_eq!(joined(takes(nobody, 2, heir(&id, &new), true)).said.shows, Shows::Persons);
    }

    #[test]
    fn consents_of_one_picture_cover_another_only_if_who_keeps_them_says_so() {
        let (id, new, given) = (media(3), asset(3, 1, Said::default()), [consent()]);
        let heir = Heir { consents: &given, ..heir(&id, &new) };
        assert_eq!(takes(persons(), 2, heir, false), Err(Refusal::ConsentsGuarded));
        assert!(takes(persons(), 2, heir, true).is_ok());
        let many = vec![consent(); MOST + 1];
        let heir = Heir { consents: &many, ..heir };
        assert!(matches!(takes(persons(), 2, heir, true), Err(Refusal::TooLarge { .. })));
    }

    #[test]
    fn only_the_newest_is_replaced_and_what_was_says_by_what() {
        let (id, new) = (media(3), asset(3, 1, Said::default()));
        assert_eq!(takes(Said::default(), 1, heir(&id, &new), true), Err(Refusal::AssetReplaced { by: media(2) }));
        // The same, sent twice.
        let (id, new) = (media(2), asset(2, 1, Said::default()));
        for at in [1, 2] {
            assert_eq!(takes(Said::default(), at, heir(&id, &new), true), Ok(Step::Nothing));
        }
    }

    #[test]
    fn an_older_one_becomes_the_newest_again_and_there_is_no_circle() {
        let (id, old) = (media(1), asset(1, 4, Said::default()));
        let of = media(1);
        let heir = Heir { of: Some(&of), has_versions: true, ..heir(&id, &old) };
        assert_eq!(takes(Said::default(), 2, heir, false), Ok(Step::Back));
    }

    #[test]
    fn what_belongs_to_another_asset_or_is_of_another_kind_is_none() {
        let (id, new) = (media(3), asset(3, 1, Said::default()));
        let (ours, theirs) = (media(1), media(9));
        let plain = heir(&id, &new);
        assert!(takes(Said::default(), 2, Heir { of: Some(&ours), ..plain }, false).is_ok(), "cut from this one");
        for heir in [Heir { of: Some(&theirs), ..plain }, Heir { has_versions: true, ..plain }] {
            assert_eq!(takes(Said::default(), 2, heir, true), Err(Refusal::AssetElsewhere));
        }
        assert_eq!(takes(Said::default(), 2, Heir { film: true, ..plain }, true), Err(Refusal::OtherKind));
    }

    #[test]
    fn there_are_only_so_many() {
        let versions: Vec<MediaId> = (1..=MOST_VERSIONS as u128).map(media).collect();
        let (id, new, old) = (media(99), asset(99, 1, Said::default()), asset(1, 1, Said::default()));
        let line = Line {
            first: &versions[0],
            newest: &versions[0],
            versions: &versions,
            film: false,
            asset: &old,
            consents: &[],
        };
        let refused = replace(line, &versions[0], heir(&id, &new), true);
        assert!(matches!(refused, Err(Refusal::TooLarge { field, .. }) if field == "asset_versions"));
    }

    #[test]
    fn a_draft_that_takes_the_newer_one_keeps_what_it_says_itself() {
        let picture = |bits, width, height, alt: &[(Language, &str)], focus| Picture {
            media: media(bits),
            hash: String::new(),
            mime: PictureType::Png,
            bytes: 1,
            width,
            height,
            file_name: format!("{bits}.png"),
            alt: alt.iter().map(|(language, text)| (language.clone(), (*text).to_owned())).collect(),
            focus,
        };
        let (es, en) = (Language::spanish(), Language::english());
        let focus = Focus::at(200, 300);
        let old = picture(1, 100, 50, &[(es.clone(), "La plaza, de fiesta"), (en.clone(), "")], focus);
        let new = picture(2, 200, 100, &[(es.clone(), "La plaza"), (en.clone(), "The square")], None);
        let now = renewed(&old, new.clone());
        assert_eq!((&now.media, now.file_name.as_str(), now.focus), (&new.media, "2.png", focus));
        assert_eq!((now.alt[&es].as_str(), now.alt[&en].as_str()), ("La plaza, de fiesta", "The square"));
        assert_eq!(renewed(&old, picture(3, 100, 100, &[], None)).focus, None, "of another shape");
    }
}
