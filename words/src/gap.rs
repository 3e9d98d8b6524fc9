//! The sentence for everything that can be missing in a protocol for emergencies, and how to mend it.
//! Separate because the match is exhaustive: a gap without words does not compile.

use domain::emergency::Gap;

use crate::{Lang, Sentence};

/// What a gap says to a person. `who` is the name of the member or of the party that it speaks of, if it does.
pub fn gap(lang: Lang, gap: &Gap, who: &str) -> Sentence {
    let l = lang;
    match gap {
        Gap::NobodyPublishes => Sentence::new(l.gap_nobody_publishes_what(), l.gap_nobody_publishes_next()),
        Gap::NobodyFits { .. } => Sentence::new(l.gap_nobody_fits_what(who), l.gap_nobody_fits_next()),
        Gap::Outside { mailbox } => Sentence::new(l.gap_outside_what(mailbox.as_str()), l.gap_outside_next()),
        Gap::NobodyElse { .. } => Sentence::new(l.gap_nobody_else_what(who), l.gap_nobody_else_next()),
        Gap::BadTime => Sentence::new(l.gap_bad_time_what(), l.gap_bad_time_next()),
        Gap::StuckWhenWriting { .. } => {
            Sentence::new(l.gap_stuck_when_writing_what(who), l.gap_stuck_when_writing_next())
        }
    }
}
