//! The earlier contents of a post: which are worth keeping, how many and how long, what changed between two of them, and what of
//! an old one can be brought back. Separate from `record`: that keeps what was done, for years and for everybody; this is for
//! whoever writes, and goes when it has served.
//!
//! What is submitted is kept with its round. Of what is only being written a content is kept when it is overwritten, and only
//! where it had come to rest: an autosave every few seconds writes no row more than without any history.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    ChannelId, Content, MediaId, MemberId, Millis, Moment,
    difference::{Difference, PictureChange, Run},
    utm::{Host, Utm},
};

/// What was left alone for so long had come to rest: whoever comes back to it may want it as it was.
pub const REST: Millis = Millis::minutes(10);

/// Whoever writes without a rest leaves a content at least so often.
pub const STRETCH: Millis = Millis::minutes(30);

/// What was left alone for so long was left to somebody else: two who write at once overwrite each other at every autosave.
pub const HANDOVER: Millis = Millis::minutes(1);

/// Two who write at once leave a content at least so often.
pub const TOGETHER: Millis = Millis::minutes(5);

/// So many contents that were never submitted are kept of a post; the oldest go first. What was submitted is not counted.
pub const MOST_DRAFTS: u32 = 50;

/// So many are listed at a time.
pub const PAGE: u32 = 10;

/// What was only written goes so long after the post was last changed: time to look back, and no more.
pub const DRAFTS: Millis = Millis::days(90);

/// What was submitted goes a year after the post was published or cancelled, as what rounds are compared with. What was approved stays in the record.
pub const SUBMITTED: Millis = Millis::days(366);

/// What is about to be overwritten.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// Who wrote it.
    pub by: &'a MemberId,
    /// When.
    pub at: Moment,
    /// When the one that was kept last was written; of none, when the post was begun.
    pub kept: Moment,
    /// Whether nothing that was only written was kept since the last submission, or since the post was begun.
    pub first: bool,
    /// Whether it was submitted ([`crate::Post::is_submitted`]): it is kept already.
    pub submitted: bool,
}

impl Standing<'_> {
    /// Whether it is kept when `writer` overwrites it: it had come to rest, or much was written since the last one that was kept.
    /// Of somebody else's that comes sooner; the first is kept at once, and of two who write together not every one.
    pub fn is_worth_keeping(&self, writer: &MemberId, now: Moment) -> bool {
        let (rests, since) = (now.since(self.at), now.since(self.kept));
        let handed = self.by != writer && (self.first || rests >= HANDOVER || since >= TOGETHER);
        !self.submitted && (handed || rests >= REST || since >= STRETCH)
    }

    /// The same where an old content takes its place as a whole: nothing that stood there is lost by that.
    pub const fn is_worth_keeping_whole(&self) -> bool {
        !self.submitted
    }
}

/// Why an earlier content was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kept")]
pub enum Why {
    /// It was submitted.
    Submitted {
        /// In which round.
        round: u32,
    },
    /// It was overwritten.
    Written,
}

/// How much differs between two contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Words that came.
    pub added: usize,
    /// Words that went.
    pub removed: usize,
    /// Pictures that came, went, or moved.
    pub pictures: usize,
    /// Anything else.
    pub others: usize,
}

/// Counts a difference: the words of the alt texts with those of the texts.
pub fn counts(difference: &Difference) -> Counts {
    let alts = difference.pictures.iter().filter_map(|change| match change {
        PictureChange::Alt { runs, .. } => Some(runs),
        _ => None,
    });
    let described = alts.clone().count();
    let mut counts = Counts {
        pictures: difference.pictures.len() - described,
        others: difference.others.len(),
        ..Counts::default()
    };
    for run in difference.texts.iter().map(|change| &change.runs).chain(alts).flatten() {
        match run {
            Run::Same { .. } => {}
            Run::Added { text } => counts.added += text.split_whitespace().count(),
            Run::Removed { text } => counts.removed += text.split_whitespace().count(),
        }
    }
    counts
}

/// What of an old content cannot be brought back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum LeftOut {
    /// A picture that was deleted since.
    Picture {
        /// What it showed, or else its file's name.
        name: String,
    },
    /// A video that was deleted since.
    Video {
        /// What it showed, or else its file's name.
        name: String,
    },
    /// The poster of a video, a picture that was deleted since.
    Poster {
        /// What the video shows, or else its file's name.
        name: String,
    },
    /// A document that was deleted since.
    Document {
        /// What it was called, or else its file's name.
        name: String,
    },
    /// The marks (utm) on links to a website that is the organisation's no more.
    Marks {
        /// Which.
        host: Host,
    },
    /// A channel that is no longer connected, with what was written for it.
    Channel {
        /// Which.
        channel: ChannelId,
    },
}

/// An old content as far as it can be brought back, and what is left out: pictures, video, poster and document that are not
/// `there` any more, marks on links that are not admitted any more (`marks` parts them, as [`crate::utm::Sites::part`] does), and channels
/// to which nothing `goes` any more.
pub fn restored(
    content: &Content,
    there: impl Fn(&MediaId) -> bool,
    marks: impl Fn(&Utm) -> (Option<Utm>, Vec<Host>),
    goes: impl Fn(&ChannelId) -> bool,
) -> (Content, Vec<LeftOut>) {
    let mut content = content.clone();
    let mut left_out = Vec::new();
    let named = |alt: Option<&String>, file: &str| {
        let alt = alt.filter(|alt| !alt.trim().is_empty());
        alt.map_or_else(|| file.to_owned(), String::clone)
    };
    content.pictures.retain(|picture| {
        let stays = there(&picture.media);
        if !stays {
            left_out.push(LeftOut::Picture { name: named(picture.alt.values().next(), &picture.file_name) });
        }
        stays
    });
    if let Some(video) = content.video.take_if(|video| !there(&video.media)) {
        left_out.push(LeftOut::Video { name: named(video.alt.values().next(), &video.file_name) });
    }
    if let Some(video) = &mut content.video
        && video.poster.take_if(|poster| !there(&poster.media)).is_some()
    {
        left_out.push(LeftOut::Poster { name: named(video.alt.values().next(), &video.file_name) });
    }
    if let Some(document) = content.document.take_if(|document| !there(&document.media)) {
        left_out.push(LeftOut::Document { name: named(document.title.values().next(), &document.file_name) });
    }
    if let Some((stays, gone)) = content.utm.as_ref().map(marks) {
        content.utm = stays;
        left_out.extend(gone.into_iter().map(|host| LeftOut::Marks { host }));
    }
    let named = content.targets.iter().map(|target| &target.channel);
    let named = named.chain(content.versions.iter().map(|version| &version.channel));
    let gone: BTreeSet<ChannelId> = named.filter(|channel| !goes(channel)).cloned().collect();
    content.targets.retain(|target| !gone.contains(&target.channel));
    content.versions.retain(|version| !gone.contains(&version.channel));
    left_out.extend(gone.into_iter().map(|channel| LeftOut::Channel { channel }));
    (content, left_out)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{Language, Picture, PictureType, Target, Version, difference::difference, utm::Sites};
    use proptest::prelude::*;

    fn member(n: u128) -> MemberId {
        MemberId::from_bits(n)
    }

    fn picture(n: u128, alt: &str) -> Picture {
        Picture {
            media: MediaId::from_bits(n),
            hash: format!("{n:064x}"),
            mime: PictureType::Jpeg,
            bytes: 1,
            width: 1,
            height: 1,
            file_name: "fuente.jpg".to_owned(),
            alt: BTreeMap::from([(Language::spanish(), alt.to_owned())]),
            focus: None,
        }
    }

    fn all(utm: &Utm) -> (Option<Utm>, Vec<Host>) {
        (Some(utm.clone()), Vec::new())
    }

    fn notice() -> Content {
        Content {
            texts: BTreeMap::from([(Language::spanish(), "Sin agua mañana".to_owned())]),
            targets: [1, 2].map(|n| Target::new(ChannelId::from_bits(n), vec![Language::spanish()])).to_vec(),
            versions: vec![Version {
                channel: ChannelId::from_bits(2),
                language: Language::spanish(),
                text: "Sin agua".to_owned(),
                warning: None,
            }],
            pictures: vec![picture(1, ""), picture(2, "La plaza")],
            ..Content::default()
        }
    }

    #[test]
    fn autosaves_of_one_sitting_keep_nothing_and_a_rest_or_another_hand_does() {
        let (author, other) = (member(1), member(2));
        let standing = Standing { by: &author, at: Moment(0), kept: Moment(0), first: true, submitted: false };
        assert!(!standing.is_worth_keeping(&author, Moment(0).plus(Millis::seconds(2))));
        assert!(!standing.is_worth_keeping(&author, Moment(0).plus(Millis(REST.0 - 1))));
        assert!(standing.is_worth_keeping(&author, Moment(0).plus(REST)));
        assert!(standing.is_worth_keeping(&other, Moment(0)));
        // Of two who write at once, one each while.
        let later = Standing { first: false, ..standing };
        assert!(!later.is_worth_keeping(&other, Moment(0).plus(Millis(HANDOVER.0 - 1))));
        assert!(later.is_worth_keeping(&other, Moment(0).plus(HANDOVER)));
        let typing = Standing { at: Moment(0).plus(Millis(TOGETHER.0 - 1_000)), ..later };
        assert!(!typing.is_worth_keeping(&other, Moment(0).plus(Millis(TOGETHER.0 - 1))));
        assert!(typing.is_worth_keeping(&other, Moment(0).plus(TOGETHER)));
        assert!(!typing.is_worth_keeping(&author, Moment(0).plus(TOGETHER)));
        let submitted = Standing { submitted: true, ..standing };
        assert!(!submitted.is_worth_keeping(&other, Moment(0).plus(REST)));
        assert!(standing.is_worth_keeping_whole() && !submitted.is_worth_keeping_whole());
    }

    #[test]
    fn words_pictures_and_the_rest_are_counted() {
        let mut after = notice();
        after.texts.insert(Language::spanish(), "Sin agua hoy ni mañana".to_owned());
        after.pictures.remove(0);
        after.link = Some("https://a.es".to_owned());
        let found = counts(&difference(&notice(), &after));
        assert_eq!(found, Counts { added: 2, removed: 0, pictures: 1, others: 1 });
        assert_eq!(counts(&difference(&notice(), &notice())), Counts::default());
    }

    #[test]
    fn what_is_gone_is_left_out_and_said() {
        let (two, first) = (ChannelId::from_bits(2), MediaId::from_bits(1));
        let (content, left_out) = restored(&notice(), |media| *media != first, all, |channel| *channel != two);
        assert_eq!(content.pictures, [picture(2, "La plaza")]);
        assert_eq!((content.targets.len(), content.versions.len()), (1, 0));
        let name = "fuente.jpg".to_owned();
        assert_eq!(left_out, [LeftOut::Picture { name }, LeftOut::Channel { channel: two }]);
    }

    #[test]
    fn marks_on_links_to_a_website_that_was_given_up_are_left_out_and_said() {
        let host = |text: &str| Host::try_from(text.to_owned()).unwrap();
        let utm = |text: &str| Utm::try_from(text.to_owned()).ok();
        let marked = Content { utm: utm("villar.example,fiestas.example#agua"), ..notice() };
        let back = |hosts: &[&str], before: Option<&Utm>| {
            let sites = Sites { hosts: hosts.iter().map(|one| host(one)).collect(), usual: false };
            let (content, left_out) = restored(&marked, |_| true, |utm| sites.part(before, utm), |_| true);
            assert_eq!(sites.admit(before, content.utm.as_ref()), Ok(()), "{hosts:?}");
            (content.utm, left_out)
        };
        let gone = |text: &str| LeftOut::Marks { host: host(text) };
        assert_eq!(back(&["villar.example", "fiestas.example"], None), (marked.utm.clone(), vec![]));
        assert_eq!(back(&["villar.example"], None), (utm("villar.example#agua"), vec![gone("fiestas.example")]));
        assert_eq!(back(&[], None), (None, vec![gone("villar.example"), gone("fiestas.example")]));
        // What stands names them still: then they may stand there again, of whichever campaign.
        let stands = utm("villar.example,fiestas.example");
        assert_eq!(back(&[], stands.as_ref()), (marked.utm.clone(), vec![]));
    }

    #[test]
    fn a_poster_and_a_document_are_left_out_too_and_a_poster_goes_with_its_video() {
        use crate::{Poster, policy::draft::bench};
        let poster =
            Poster { media: MediaId::from_bits(20), hash: "0".repeat(64), bytes: 1, width: 1, height: 1, at: None };
        let film = bench::video("La banda toca");
        let whole = Content {
            video: Some(crate::Video { poster: Some(poster.clone()), ..film.clone() }),
            document: Some(bench::document("Acta")),
            ..notice()
        };
        let document = whole.document.clone().unwrap().media;
        let (back, left_out) = restored(&whole, |media| *media != poster.media && *media != document, all, |_| true);
        assert_eq!((back.video, back.document), (Some(film.clone()), None));
        let name = "La banda toca".to_owned();
        assert_eq!(left_out, [LeftOut::Poster { name }, LeftOut::Document { name: "Acta".to_owned() }]);
        let (back, left_out) = restored(&whole, |media| *media != film.media, all, |_| true);
        assert_eq!((back.video, back.document), (None, whole.document));
        assert_eq!(left_out, [LeftOut::Video { name: "La banda toca".to_owned() }]);
    }

    proptest! {
        #[test]
        fn whoever_writes_without_a_rest_leaves_one_each_stretch(pauses in prop::collection::vec(1..600_i64, 1..400)) {
            // Seconds between saves, all below the rest.
            let author = member(1);
            let (mut now, mut kept, mut count) = (0, 0, 0);
            for pause in pauses {
                let (at, then) = (Moment(now * 1_000), Moment((now + pause) * 1_000));
                let standing =
                    Standing { by: &author, at, kept: Moment(kept * 1_000), first: count == 0, submitted: false };
                if standing.is_worth_keeping(&author, then) {
                    (kept, count) = (now, count + 1);
                }
                now += pause;
                // What was written last is never further from what was kept than a stretch and a pause.
                prop_assert!(now - kept <= STRETCH.0 / 1_000 + 600);
            }
            // And no more than one each stretch less a pause: saves do not add up to rows.
            prop_assert!(count <= now / (STRETCH.0 / 1_000 - 600) + 1);
        }

        #[test]
        fn two_who_write_at_once_leave_one_each_few_minutes(
            saves in prop::collection::vec((1..60_i64, any::<bool>()), 1..600),
        ) {
            // Seconds between saves, all below a handover, and whose each is.
            let hands = [member(1), member(2)];
            let (mut now, mut kept, mut count, mut by) = (0, 0, 0, 0);
            for (pause, hand) in saves {
                let writer = usize::from(hand);
                let (at, then) = (Moment(now * 1_000), Moment((now + pause) * 1_000));
                let standing = Standing {
                    by: &hands[by], at, kept: Moment(kept * 1_000), first: count == 0, submitted: false,
                };
                if standing.is_worth_keeping(&hands[writer], then) {
                    (kept, count) = (now, count + 1);
                }
                if by != writer {
                    // What somebody else overwrote is never further from what was kept than that and a pause.
                    prop_assert!(now - kept < TOGETHER.0 / 1_000 + 60);
                }
                (now, by) = (now + pause, writer);
            }
            prop_assert!(count <= now / (TOGETHER.0 / 1_000 - 60) + 1, "saves do not add up to rows: {}", count);
        }

        #[test]
        fn what_is_all_there_comes_back_whole(pictures in 0..5_u128) {
            let content = Content { pictures: (1..=pictures).map(|n| picture(n, "x")).collect(), ..notice() };
            prop_assert_eq!(restored(&content, |_| true, all, |_| true), (content.clone(), vec![]));
        }
    }
}
