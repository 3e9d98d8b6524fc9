//! The sentence for every flaw of a circuit, of the rules that choose it or of the substitutes, and how to mend it.
//! Separate because the match is exhaustive: a flaw without words does not compile. Which step or rule it speaks of is
//! shown by where it stands; names of people are given by whoever has them.

use domain::circuit::Flaw;

use crate::{Lang, Sentence};

/// What a flaw says to a person. `who` is the name of the member whom it speaks of, if it does.
pub fn flaw(lang: Lang, flaw: &Flaw, who: &str) -> Sentence {
    let l = lang;
    match flaw {
        Flaw::NoStep => Sentence::new(l.flaw_no_step_what(), l.flaw_no_step_next()),
        Flaw::EveryStepConditional => {
            Sentence::new(l.flaw_every_step_conditional_what(), l.flaw_every_step_conditional_next())
        }
        Flaw::DoubledStep { .. } => Sentence::new(l.flaw_doubled_step_what(), l.flaw_doubled_step_next()),
        Flaw::NeverApplies { .. } => Sentence::new(l.flaw_never_applies_what(), l.flaw_never_applies_next()),
        Flaw::NobodyFits { .. } => Sentence::new(l.flaw_nobody_fits_what(), l.flaw_nobody_fits_next()),
        Flaw::BadTime { .. } => Sentence::new(l.flaw_bad_time_what(), l.flaw_bad_time_next()),
        Flaw::NobodyOnRung { .. } => Sentence::new(l.flaw_nobody_on_rung_what(), l.flaw_nobody_on_rung_next()),
        Flaw::LadderCycle { .. } => Sentence::new(l.flaw_ladder_cycle_what(), l.flaw_ladder_cycle_next()),
        Flaw::SubstituteCycle { .. } => Sentence::new(l.flaw_substitute_cycle_what(), l.flaw_substitute_cycle_next()),
        Flaw::MatchesEverything { .. } => {
            Sentence::new(l.flaw_matches_everything_what(), l.flaw_matches_everything_next())
        }
        Flaw::NeverMatches { .. } => Sentence::new(l.flaw_never_matches_what(), l.flaw_never_matches_next()),
        Flaw::UnknownCircuit { .. } => Sentence::new(l.flaw_unknown_circuit_what(), l.flaw_unknown_circuit_next()),
        Flaw::BadCount { count, places, .. } => {
            Sentence::new(l.flaw_bad_count_what(count, places), l.flaw_bad_count_next())
        }
        Flaw::OutsideIsInside { mailbox, .. } => {
            Sentence::new(l.flaw_outside_is_inside_what(mailbox.as_str()), l.flaw_outside_is_inside_next())
        }
        Flaw::TooFewPeople { needed, possible, .. } => {
            Sentence::new(l.flaw_too_few_people_what(needed, possible), l.flaw_too_few_people_next())
        }
        Flaw::TooFewHats { needed, possible } => {
            Sentence::new(l.flaw_too_few_hats_what(needed, possible), l.flaw_too_few_hats_next())
        }
        Flaw::StuckWhenWriting { .. } => {
            Sentence::new(l.flaw_stuck_when_writing_what(who), l.flaw_stuck_when_writing_next())
        }
        // People count from one.
        Flaw::Shadowed { by, .. } => Sentence::new(l.flaw_shadowed_what(by + 1), l.flaw_shadowed_next()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_a_flaw_are_in_its_sentence() {
        let sentence = flaw(Lang::Es, &Flaw::TooFewHats { needed: 3, possible: 2 }, "");
        assert!(sentence.what.contains('3') && sentence.what.contains('2'), "{sentence}");
        let sentence = flaw(Lang::En, &Flaw::Shadowed { rule: 1, by: 0 }, "");
        assert!(sentence.what.contains("rule 1"), "{sentence}");
    }
}
