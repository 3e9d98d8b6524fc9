//! What is wrong with a sheet, or with one of its rows, and what to do. Separate because the matches are exhaustive: a flaw
//! without words does not compile.

use domain::import::{Flaw, Unreadable};

use crate::{Lang, Sentence};

/// Why a row comes to nothing.
pub fn import_flaw(lang: Lang, flaw: &Flaw) -> String {
    match flaw {
        Flaw::NoText => lang.import_flaw_no_text().to_owned(),
        Flaw::NoChannel => lang.import_flaw_no_channel().to_owned(),
        Flaw::UnknownChannel(name) => lang.import_flaw_unknown_channel(name),
        Flaw::UnknownKind(name) => lang.import_flaw_unknown_kind(name),
        Flaw::UnknownCampaign(name) => lang.import_flaw_unknown_campaign(name),
        Flaw::UnknownPillar(name) => lang.import_flaw_unknown_pillar(name),
        Flaw::UnknownAudience(name) => lang.import_flaw_unknown_audience(name),
        Flaw::UnknownMessage(name) => lang.import_flaw_unknown_message(name),
        Flaw::MessageElsewhere(name) => lang.import_flaw_message_elsewhere(name),
        Flaw::NotADay(text) => lang.import_flaw_not_a_day(text),
        Flaw::NotAnHour(text) => lang.import_flaw_not_an_hour(text),
        Flaw::HourAlone => lang.import_flaw_hour_alone().to_owned(),
        Flaw::InThePast => lang.import_flaw_in_the_past().to_owned(),
        Flaw::TooFar => lang.import_flaw_too_far().to_owned(),
        Flaw::ChangingClocks => lang.import_flaw_changing_clocks().to_owned(),
        Flaw::NotALink(text) => lang.import_flaw_not_a_link(text),
        Flaw::SameAs(number) => lang.import_flaw_same_as(number),
    }
}

/// Why a file is no sheet.
pub fn unreadable(lang: Lang, why: Unreadable) -> Sentence {
    let l = lang;
    match why {
        Unreadable::TooLarge => {
            Sentence::new(l.import_unreadable_too_large_what(), l.import_unreadable_too_large_next())
        }
        Unreadable::TooManyRows => {
            Sentence::new(l.import_unreadable_too_many_rows_what(), l.import_unreadable_too_many_rows_next())
        }
        Unreadable::TooManyColumns => {
            Sentence::new(l.import_unreadable_too_many_columns_what(), l.import_unreadable_too_many_columns_next())
        }
        Unreadable::NotASheet => {
            Sentence::new(l.import_unreadable_not_a_sheet_what(), l.import_unreadable_not_a_sheet_next())
        }
        Unreadable::NoRows => Sentence::new(l.import_unreadable_no_rows_what(), l.import_unreadable_no_rows_next()),
        Unreadable::Unclosed(row) => {
            Sentence::new(l.import_unreadable_unclosed_what(row), l.import_unreadable_unclosed_next())
        }
        Unreadable::TooLong(row) => {
            Sentence::new(l.import_unreadable_too_long_what(row), l.import_unreadable_too_long_next())
        }
        Unreadable::Unreckoned(row) => {
            Sentence::new(l.import_unreadable_unreckoned_what(row), l.import_unreadable_unreckoned_next())
        }
        Unreadable::Locked => Sentence::new(l.import_unreadable_locked_what(), l.import_unreadable_locked_next()),
        Unreadable::Binary => Sentence::new(l.import_unreadable_binary_what(), l.import_unreadable_binary_next()),
        Unreadable::OpenDocument => {
            Sentence::new(l.import_unreadable_open_document_what(), l.import_unreadable_open_document_next())
        }
        Unreadable::Damaged => Sentence::new(l.import_unreadable_damaged_what(), l.import_unreadable_damaged_next()),
    }
}
