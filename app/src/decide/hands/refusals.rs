//! Why a decision was not taken, in words. Separate from `words::refusal`: of the sixty refusals there are, some twenty
//! can come from what this page asks, and all of them would be a tenth of it.

use domain::{Act, Refusal};
use serde_json::Value;
use wire::Fault;
use words::{Lang, Sentence};

use crate::api::trouble::Trouble;

/// What this page knows of trouble.
pub const TROUBLE: Trouble = Trouble { read, say };

/// Those that carry nothing, by their names in an answer.
const PLAIN: [(&str, Refusal); 18] = [
    ("signed_out", Refusal::SignedOut),
    ("out_of_reach", Refusal::OutOfReach),
    ("not_found", Refusal::NotFound),
    ("foreign_request", Refusal::ForeignRequest),
    ("wrong_stage", Refusal::WrongStage),
    ("own_post", Refusal::OwnPost),
    ("already_decided", Refusal::AlreadyDecided),
    ("other_content", Refusal::OtherContent),
    ("reason_wanted", Refusal::ReasonWanted),
    ("step_closed", Refusal::StepClosed),
    ("not_your_turn", Refusal::NotYourTurn),
    ("two_hats", Refusal::TwoHats),
    ("no_delegation", Refusal::NoDelegation),
    ("duties_apart", Refusal::DutiesApart),
    ("signature_wanted", Refusal::SignatureWanted),
    ("spent_link", Refusal::SpentLink),
    ("bad_passkey", Refusal::BadPasskey),
    ("unavailable", Refusal::Unavailable),
];

fn read(answer: &str) -> Option<Fault> {
    serde_json::from_str(answer).ok().as_ref().and_then(of).map(Fault::from)
}

/// A refusal of an answer, or of what was kept.
pub fn of(tree: &Value) -> Option<Refusal> {
    let name = tree["refusal"].as_str()?;
    Some(match name {
        "not_allowed" => Refusal::NotAllowed { act: Act::Decide },
        "clock_off" => Refusal::ClockOff { by: domain::Millis(tree["by"].as_i64()?) },
        "too_many" => Refusal::TooMany { until: domain::Moment(tree["until"].as_i64()?) },
        "stale" => Refusal::Stale { current: tree["current"].as_u64()? },
        // What is not known here is final all the same: nothing is sent for ever.
        _ => PLAIN
            .iter()
            .find(|(known, _)| *known == name)
            .map_or_else(|| Refusal::Malformed { field: "statement".to_owned() }, |(_, refusal)| refusal.clone()),
    })
}

/// As it is kept: what `of` reads.
pub fn kept(refusal: &Refusal) -> Value {
    let mut tree = serde_json::Map::new();
    let name = PLAIN.iter().find(|(_, known)| known == refusal).map(|(name, _)| *name);
    let name = match refusal {
        Refusal::NotAllowed { .. } => "not_allowed",
        Refusal::ClockOff { by } => {
            tree.insert("by".to_owned(), by.0.into());
            "clock_off"
        }
        _ => name.unwrap_or("malformed"),
    };
    tree.insert("refusal".to_owned(), name.into());
    Value::Object(tree)
}

fn say(lang: Lang, refusal: &Refusal) -> Sentence {
    let (what, next) = match refusal {
        Refusal::NotAllowed { .. } => {
            let what = lang.refusal_not_allowed_what(lang.act_decide());
            return Sentence { what: what.into(), next: lang.refusal_not_allowed_next().into() };
        }
        Refusal::ClockOff { by } => {
            let what = lang.refusal_clock_off_what(by.0.unsigned_abs() / 60_000);
            return Sentence { what: what.into(), next: lang.refusal_clock_off_next().into() };
        }
        Refusal::SignedOut => (lang.refusal_signed_out_what(), lang.refusal_signed_out_next()),
        Refusal::OutOfReach => (lang.refusal_out_of_reach_what(), lang.refusal_out_of_reach_next()),
        Refusal::NotFound => (lang.refusal_not_found_what(), lang.refusal_not_found_next()),
        Refusal::ForeignRequest => (lang.refusal_foreign_request_what(), lang.refusal_foreign_request_next()),
        Refusal::TooMany { .. } => (lang.refusal_too_many_what(), lang.refusal_too_many_next()),
        Refusal::WrongStage => (lang.refusal_wrong_stage_what(), lang.refusal_wrong_stage_next()),
        Refusal::OwnPost => (lang.refusal_own_post_what(), lang.refusal_own_post_next()),
        Refusal::AlreadyDecided => (lang.refusal_already_decided_what(), lang.refusal_already_decided_next()),
        Refusal::OtherContent => (lang.refusal_other_content_what(), lang.refusal_other_content_next()),
        Refusal::ReasonWanted => (lang.refusal_reason_wanted_what(), lang.refusal_reason_wanted_next()),
        Refusal::StepClosed => (lang.refusal_step_closed_what(), lang.refusal_step_closed_next()),
        Refusal::NotYourTurn => (lang.refusal_not_your_turn_what(), lang.refusal_not_your_turn_next()),
        Refusal::TwoHats => (lang.refusal_two_hats_what(), lang.refusal_two_hats_next()),
        Refusal::NoDelegation => (lang.refusal_no_delegation_what(), lang.refusal_no_delegation_next()),
        Refusal::DutiesApart => (lang.refusal_duties_apart_what(), lang.refusal_duties_apart_next()),
        Refusal::SignatureWanted => (lang.refusal_signature_wanted_what(), lang.refusal_signature_wanted_next()),
        Refusal::SpentLink => (lang.refusal_spent_link_what(), lang.refusal_spent_link_next()),
        Refusal::BadPasskey => (lang.refusal_bad_passkey_what(), lang.refusal_bad_passkey_next()),
        Refusal::Unavailable => (lang.refusal_unavailable_what(), lang.refusal_unavailable_next()),
        _ => (lang.trouble_nonsense_what(), lang.trouble_nonsense_next()),
    };
    Sentence { what: what.into(), next: next.into() }
}
