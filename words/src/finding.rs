//! The sentence for every finding: what was seen in the text, and how to mend it.
//! Separate from `refusal`: a finding is advice beside a text, with its evidence; a refusal is an answer.

use std::borrow::Cow;

use domain::{
    Replies,
    consent::{Flaw, Scope, parts},
    policy::{Apart, Evidence, Field, Finding, Misfit, Rule},
    replies::Kept,
    text::SpanKind,
    video::{Codec, VideoType},
};

use crate::{Lang, Sentence, datum_name, index_name, language_list, rule_advice, rule_name};

/// What a finding says to a person.
pub fn finding(lang: Lang, finding: &Finding) -> Sentence {
    let what: Cow<'static, str> = match (finding.rule, &finding.evidence) {
        (Rule::Length, Evidence::Over { limit, count }) if finding.place.field == Field::Comment => {
            lang.finding_comment_length(count, limit).into()
        }
        (Rule::Length, Evidence::Over { limit, count }) => {
            lang.finding_length(count, limit, count.saturating_sub(*limit)).into()
        }
        (Rule::PictureCount, Evidence::Over { limit, count }) => lang.finding_picture_count(count, limit).into(),
        (Rule::PictureCount, Evidence::Missing) => lang.finding_picture_wanted().into(),
        (Rule::AltText, Evidence::Missing) if finding.place.field == Field::Video => {
            lang.finding_video_alt_missing().into()
        }
        (Rule::Captions, Evidence::Missing) => lang.finding_captions_missing().into(),
        (Rule::Video, Evidence::Over { limit, count }) => lang.finding_video_title_long(count, limit).into(),
        (Rule::Video, Evidence::Missing) => lang.finding_video_title_missing().into(),
        (Rule::Document, Evidence::Missing) => lang.finding_document_untitled().into(),
        (Rule::Document, Evidence::Over { limit, count }) => lang.finding_document_longer(limit, count).into(),
        (Rule::Story, Evidence::Unkept) if finding.place.field == Field::Document => {
            lang.finding_story_document().into()
        }
        (Rule::Story, Evidence::Unkept) if finding.place.field == Field::Post => lang.finding_story_poll().into(),
        (Rule::DocumentTags, _) => lang.finding_document_untagged().into(),
        (Rule::AltText, Evidence::Missing) => lang.finding_alt_missing().into(),
        (Rule::AltText, Evidence::FileName { words }) => lang.finding_alt_words(words).into(),
        (Rule::AltText, Evidence::Over { limit, count }) => lang.finding_alt_over(count, limit).into(),
        (Rule::HashtagCount, Evidence::Over { limit, count }) => lang.finding_hashtag_count(count, limit).into(),
        (Rule::EmojiLoad, Evidence::Over { limit, count }) => lang.finding_emoji_count(count, limit).into(),
        (Rule::LinkCount, Evidence::Over { limit, count }) => lang.finding_link_count(count, limit).into(),
        (Rule::Account, Evidence::Over { limit, count }) => lang.finding_account_beyond(count, limit).into(),
        (Rule::SentenceLength, Evidence::Over { limit, count }) => lang.finding_sentence_length(count, limit).into(),
        (Rule::Rights, Evidence::Rights { flaw: Flaw::Unsaid, .. }) if finding.place.field == Field::Video => {
            lang.finding_rights_unsaid_video().into()
        }
        (rule, evidence) => named(lang, rule, evidence).into(),
    };
    let next = match &finding.evidence {
        Evidence::Rights { flaw: Flaw::Unsaid, .. } => lang.finding_rights_unsaid_next(),
        _ => rule_advice(lang, finding.rule),
    };
    Sentence::new(what, next)
}

/// Why a picture or a video may not be used.
pub fn rights(lang: Lang, flaw: Flaw) -> String {
    let day = |day| {
        let (year, month, day) = parts(day);
        lang.finding_rights_day(day, month, year)
    };
    match flaw {
        Flaw::Nobody => lang.finding_rights_nobody().to_owned(),
        Flaw::Withdrawn => lang.finding_rights_withdrawn().to_owned(),
        Flaw::Ended { last } => lang.finding_rights_ended(day(last)),
        Flaw::Early { first } => lang.finding_rights_early(day(first)),
        Flaw::Campaign => lang.finding_rights_campaign().to_owned(),
        Flaw::Channel { scope: Scope::Social } => lang.finding_rights_social().to_owned(),
        Flaw::Channel { .. } => lang.finding_rights_own().to_owned(),
        Flaw::Licence { last } => lang.finding_rights_licence(day(last)),
        Flaw::Unsaid => lang.finding_rights_unsaid().to_owned(),
    }
}

/// Bytes as a person reads them, rounded up so that what is over never looks equal to its limit.
fn kilobytes(bytes: u64) -> u64 {
    bytes.div_ceil(1_000)
}

/// The rule's name with whatever was seen behind it.
fn named(lang: Lang, rule: Rule, evidence: &Evidence) -> String {
    let name = rule_name(lang, rule);
    match evidence {
        Evidence::Over { limit, count } => lang.finding_over(count, limit, name),
        // Indices are kept in tenths.
        Evidence::Under { floor, value, index } => {
            let tenths = |value: i64| lang.finding_tenths(value.rem_euclid(10), value.div_euclid(10));
            lang.finding_under(tenths(*floor), index_name(lang, *index), name, tenths(*value))
        }
        Evidence::Words { words } => lang.finding_words(name, words),
        Evidence::Heavier { limit, bytes } => lang.finding_heavier(kilobytes(*bytes), kilobytes(*limit), name),
        Evidence::Shape { size: (width, height), .. } if rule == Rule::Story => lang.finding_story_shape(height, width),
        Evidence::Shape { size: (width, height), .. } if rule == Rule::Reel => {
            lang.finding_reel(lang.finding_reel_shape(height, width))
        }
        Evidence::Shape { size: (width, height), tallest, widest } => {
            let shape = |(across, down): (u32, u32)| match down {
                100 => format!("{}:1", lang.finding_tenths(format!("{:02}", across % 100), across / 100)),
                _ => format!("{across}:{down}"),
            };
            lang.finding_shape(height, shape(*tallest), shape(*widest), width)
        }
        Evidence::Marked { mark, limit, count } => match mark {
            SpanKind::Hashtag => lang.finding_marked_hashtag(count, limit),
            SpanKind::Mention => lang.finding_marked_mention(count, limit),
            SpanKind::Link => lang.finding_marked_link(count, limit),
        },
        Evidence::Video { misfit } if rule == Rule::Reel => lang.finding_reel(video(lang, *misfit)),
        Evidence::Video { misfit } => video(lang, *misfit),
        Evidence::Document { apart: Apart::NotSent } => lang.finding_document_not_sent().to_owned(),
        Evidence::Document { apart: Apart::Beside } => lang.finding_document_beside().to_owned(),
        Evidence::Repeated { words } => lang.finding_repeated(name, words),
        Evidence::FileName { words } => lang.finding_words(name, words),
        Evidence::Opening { words } => lang.finding_opening(words),
        Evidence::Address { words } => lang.finding_address(words),
        Evidence::Missing => lang.finding_missing(name),
        Evidence::Rights { flaw, .. } => rights(lang, *flaw),
        Evidence::Limited { replies: Replies::Following } => lang.finding_replies_following().to_owned(),
        Evidence::Limited { replies } => crate::replies(lang, *replies).to_owned(),
        Evidence::Wider { kept: Kept::Closed } => lang.finding_replies_closed().to_owned(),
        Evidence::Wider { kept: Kept::Mentioned } => lang.finding_replies_mentioned().to_owned(),
        Evidence::Wider { .. } => lang.finding_replies_open().to_owned(),
        Evidence::Poll { misfit } => crate::poll::misfit(lang, *misfit),
        Evidence::Datum { datum, masked } => lang.finding_datum(datum_name(lang, *datum), masked),
        Evidence::Unkept if rule == Rule::Story => lang.finding_story_text().to_owned(),
        Evidence::Unkept => lang.finding_comment_unkept().to_owned(),
        Evidence::Languages { missing } if rule == Rule::Comment => {
            lang.finding_comment_languages(language_list(lang, missing))
        }
        Evidence::Languages { missing } => lang.finding_languages(language_list(lang, missing)),
    }
}

/// Why a network does not take a video.
fn video(lang: Lang, misfit: Misfit) -> String {
    match misfit {
        Misfit::Paper => lang.finding_video_paper().to_owned(),
        Misfit::Beside => lang.finding_video_beside().to_owned(),
        Misfit::Type { mime } => lang.finding_video_type(match mime {
            VideoType::Mp4 => "MP4",
            VideoType::Quicktime => "MOV (QuickTime)",
        }),
        Misfit::Codec { codec } => lang.finding_video_codec(match codec {
            Codec::H264 => "H.264",
            Codec::H265 => "H.265 (HEVC)",
            Codec::Av1 => "AV1",
        }),
        Misfit::Lighter { limit, bytes } => lang.finding_video_lighter(bytes / 1_000, kilobytes(limit.into())),
        Misfit::Longer { limit, seconds } => lang.finding_video_longer(limit, seconds),
        Misfit::Shorter { limit, millis } => lang.finding_video_shorter(seconds(lang, limit), seconds(lang, millis)),
        Misfit::Across { limit, width } => lang.finding_video_across(limit, width),
        Misfit::Smaller { limit: (across, down), size: (width, height) } => {
            lang.finding_video_smaller(across, down, height, width)
        }
        Misfit::Slower { limit, rate } => lang.finding_video_slower(limit, rate),
        Misfit::Denser { limit, kilobits } => {
            lang.finding_video_denser(seconds(lang, limit), seconds(lang, kilobits.next_multiple_of(100)))
        }
        Misfit::Pixels { limit, pixels } => lang.finding_video_pixels(limit, pixels),
        Misfit::Wanted => lang.finding_video_wanted().to_owned(),
        Misfit::Unsaid => lang.finding_video_unsaid().to_owned(),
        Misfit::Audience => lang.finding_video_audience().to_owned(),
        Misfit::Signs => lang.finding_video_signs().to_owned(),
        Misfit::OwnPoster => lang.finding_poster_own().to_owned(),
        Misfit::OnlyMoment => lang.finding_poster_moment().to_owned(),
        Misfit::Unshown => lang.finding_captions_unshown().to_owned(),
        Misfit::Rate { limit, rate } => lang.finding_video_rate(limit, rate),
    }
}

/// Thousandths as units, with a tenth where there is one.
fn seconds(lang: Lang, thousandths: u32) -> String {
    match (thousandths / 1_000, thousandths % 1_000 / 100) {
        (whole, 0) => whole.to_string(),
        (whole, tenths) => lang.finding_tenths(tenths, whole),
    }
}

#[cfg(test)]
mod tests {
    use domain::policy::{Mode, Place};

    use super::*;

    #[test]
    fn the_network_s_rule_is_quoted_as_people_write_it() {
        let shape = Evidence::Shape { size: (900, 2_000), tallest: (4, 5), widest: (191, 100) };
        let said = of(Rule::PictureSize, shape);
        for part in ["900 × 2000", "4:5", "1,91:1"] {
            assert!(said.contains(part), "{said}");
        }
        let marked = Evidence::Marked { mark: SpanKind::Mention, limit: 20, count: 21 };
        assert!(of(Rule::Length, marked).contains("21 menciones"));
        assert!(of(Rule::PictureCount, Evidence::Missing).contains("sin imagen"));
        let beyond = of(Rule::Account, Evidence::Over { limit: 8, count: 9 });
        assert!(beyond.contains("9 cuentas") && beyond.contains("las 8 primeras"), "{beyond}");
    }

    #[test]
    fn why_a_network_does_not_take_a_video_is_said_with_its_number() {
        let said = |misfit| of(Rule::Video, Evidence::Video { misfit });
        assert!(said(Misfit::Paper).contains("papel"));
        assert!(said(Misfit::Longer { limit: 180, seconds: 181 }).contains("181 s y la red admite 180 s"));
        assert!(said(Misfit::Shorter { limit: 3_000, millis: 2_999 }).contains("2,9 s y la red pide al menos 3 s"));
        assert!(said(Misfit::Shorter { limit: 500, millis: 400 }).contains("0,4 s y la red pide al menos 0,5 s"));
        assert!(said(Misfit::Denser { limit: 25_000, kilobits: 25_001 }).contains("25,1 Mbit/s y la red admite 25"));
        assert!(said(Misfit::Codec { codec: Codec::H265 }).contains("HEVC"));
        assert!(said(Misfit::Type { mime: VideoType::Quicktime }).contains("MOV"));
        let heavier = Evidence::Heavier { limit: 50_000_000, bytes: 50_000_001 };
        assert!(of(Rule::Video, heavier).contains("50001 KB"));
    }

    #[test]
    fn of_a_reel_the_network_s_own_rule_is_quoted_with_its_day() {
        let long = of(Rule::Reel, Evidence::Video { misfit: Misfit::Longer { limit: 90, seconds: 91 } });
        let misfit = Misfit::Smaller { limit: (540, 960), size: (360, 640) };
        let small = of(Rule::Reel, Evidence::Video { misfit });
        let odd = of(Rule::Reel, Evidence::Shape { size: (1_920, 1_080), tallest: (9, 16), widest: (9, 16) });
        for (said, seen) in [(long, "91 s"), (small, "360 × 640"), (odd, "1920 × 1080")] {
            for part in [seen, "de 3 a 90 segundos", "9:16", "30 de julio de 2026"] {
                assert!(said.contains(part), "{said}");
            }
        }
    }

    fn of(rule: Rule, evidence: Evidence) -> String {
        let place = Place { channel: None, language: None, field: Field::Text, range: None };
        finding(Lang::Es, &Finding { rule, mode: Mode::Warn, place, evidence }).to_string()
    }

    #[test]
    fn the_evidence_is_in_the_sentence() {
        assert!(of(Rule::Length, Evidence::Over { limit: 300, count: 312 }).contains("12"));
        let index = domain::policy::Index::Inflesz;
        assert!(of(Rule::Readability, Evidence::Under { floor: 550, value: 423, index }).contains("42,3"));
        let masked = "•••••••8Z".to_owned();
        assert!(of(Rule::PersonalData, Evidence::Datum { datum: domain::policy::Datum::Dni, masked }).contains("8Z"));
    }

    #[test]
    fn every_rule_has_words_for_every_evidence() {
        for rule in Rule::ALL {
            for evidence in [Evidence::Missing, Evidence::Over { limit: 1, count: 2 }] {
                assert!(of(rule, evidence).len() > 20, "{rule:?}");
            }
        }
    }
}
