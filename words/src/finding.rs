//! The sentence for every finding: what was seen in the text, and how to mend it.
//! Separate from `refusal`: a finding is advice beside a text, with its evidence; a refusal is an answer.

use std::borrow::Cow;

use domain::{
    policy::{Evidence, Finding, Rule},
    text::SpanKind,
};

use crate::{Lang, Sentence, datum_name, index_name, language_list, rule_advice, rule_name};

/// What a finding says to a person.
pub fn finding(lang: Lang, finding: &Finding) -> Sentence {
    let what: Cow<'static, str> = match (finding.rule, &finding.evidence) {
        (Rule::Length, Evidence::Over { limit, count }) => {
            lang.finding_length(count, limit, count.saturating_sub(*limit)).into()
        }
        (Rule::PictureCount, Evidence::Over { limit, count }) => lang.finding_picture_count(count, limit).into(),
        (Rule::PictureCount, Evidence::Missing) => lang.finding_picture_wanted().into(),
        (Rule::AltText, Evidence::Missing) => lang.finding_alt_missing().into(),
        (Rule::AltText, Evidence::FileName { words }) => lang.finding_alt_words(words).into(),
        (Rule::AltText, Evidence::Over { limit, count }) => lang.finding_alt_over(count, limit).into(),
        (Rule::HashtagCount, Evidence::Over { limit, count }) => lang.finding_hashtag_count(count, limit).into(),
        (Rule::EmojiLoad, Evidence::Over { limit, count }) => lang.finding_emoji_count(count, limit).into(),
        (Rule::LinkCount, Evidence::Over { limit, count }) => lang.finding_link_count(count, limit).into(),
        (Rule::SentenceLength, Evidence::Over { limit, count }) => lang.finding_sentence_length(count, limit).into(),
        (rule, evidence) => named(lang, rule, evidence).into(),
    };
    Sentence::new(what, rule_advice(lang, finding.rule))
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
        Evidence::Repeated { words } => lang.finding_repeated(name, words),
        Evidence::FileName { words } => lang.finding_words(name, words),
        Evidence::Opening { words } => lang.finding_opening(words),
        Evidence::Address { words } => lang.finding_address(words),
        Evidence::Missing => lang.finding_missing(name),
        Evidence::Datum { datum, masked } => lang.finding_datum(datum_name(lang, *datum), masked),
        Evidence::Languages { missing } => lang.finding_languages(language_list(lang, missing)),
    }
}

#[cfg(test)]
mod tests {
    use domain::policy::{Field, Mode, Place};

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
