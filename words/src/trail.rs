//! The entries of the record, each as a sentence that a person understands, and who acted in words.
//! Separate from `names`: what is kept outlives every version, so nothing here is taken for granted. An entry that this
//! version does not know is told by its subject and by who did it.

use domain::{
    ChannelId, MemberId, Role, json,
    json::Value,
    record::{Actor, Subject},
    task::StateName,
};

use crate::{Lang, role_name, subject_name, task_state_name};

/// The names that entries are told with.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// Members, those who left too.
    pub members: &'a [(MemberId, String)],
    /// Channels.
    pub channels: &'a [(ChannelId, String)],
}

impl Known<'_> {
    fn member(&self, lang: Lang, id: &str) -> String {
        let found = self.members.iter().find(|(member, _)| member.as_str() == id);
        found.map_or_else(|| lang.general_unknown().to_owned(), |(_, name)| name.clone())
    }
}

/// Who acted, in words: a name, an address, the engine.
pub fn acted(lang: Lang, body: &Value, known: Known<'_>) -> String {
    match Actor::of(body) {
        Some(Actor::Member { member, .. }) => known.member(lang, member.as_str()),
        Some(Actor::Outside { mailbox, .. }) => mailbox.as_str().to_owned(),
        Some(Actor::Engine { .. }) => lang.trail_engine().to_owned(),
        Some(Actor::Stranger { .. }) => lang.trail_nobody().to_owned(),
        // Of before the actor was kept.
        None => {
            let places = ["/by", "/by/member", "/decision/by/member", "/waiver/by", "/approval/by"];
            match places.iter().find_map(|place| body.pointer(place)?.as_str()) {
                Some(id) => known.member(lang, id),
                None => lang.trail_engine().to_owned(),
            }
        }
    }
}

/// What happened, in a sentence.
pub fn happened(lang: Lang, subject: &str, body: &Value, known: Known<'_>) -> String {
    let l = lang;
    let text = |place: &str| body.pointer(place).and_then(Value::as_str).unwrap_or_default();
    let number = |place: &str| body.pointer(place).and_then(Value::as_u64).unwrap_or_default();
    let who = acted(lang, body, known);
    let reason = || text("/reason").to_owned();
    let channel = || {
        let found = known.channels.iter().find(|(id, _)| id.as_str() == text("/channel"));
        found.map_or_else(|| text("/name").to_owned(), |(_, name)| name.clone())
    };
    let promise = || match text("/per") {
        "month" => l.promise_month(channel(), number("/count")),
        _ => l.promise_week(channel(), number("/count")),
    };
    let person = |places: &[&str]| {
        let found = places.iter().map(|place| text(place)).find(|id| !id.is_empty());
        found.map_or_else(|| l.general_unknown().to_owned(), |id| known.member(lang, id))
    };
    // A name that was kept is the one of then; only without one it is looked up.
    let named = || match text("/name") {
        "" => person(&["/member"]),
        name => name.to_owned(),
    };
    let role = || match Role::ALL.into_iter().find(|role| body.get("role") == Some(&json!(role))) {
        Some(role) => role_name(lang, role),
        None => l.general_unknown(),
    };
    let what = match text("/what") {
        "" => text("/change"),
        what => what,
    };
    let mailboxes = || {
        let all = body.get("to").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        all.collect::<Vec<_>>().join(", ")
    };
    let custodians = || {
        let all = body.get("custodians").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        all.map(|id| known.member(lang, id)).collect::<Vec<_>>().join(", ")
    };
    let is_act = body.get("deed").is_some();
    match (Subject::of_name(subject), what) {
        (Some(Subject::Drafting), "created") => l.trail_created(who),
        (Some(Subject::Drafting), "written") => l.trail_wrote(number("/saves"), who),
        (Some(Subject::Drafting), "series_made") => l.trail_series_made(number("/count"), who),
        (Some(Subject::Drafting), "reopened") => l.trail_reopened(who),
        (Some(Subject::Drafting), "restored") => l.trail_restored(who),
        (Some(Subject::Comment), "comment_written") => l.trail_commented(text("/comment/wordings/0/text"), who),
        (Some(Subject::Comment), "comment_reworded") => l.trail_comment_reworded(text("/text"), who),
        (Some(Subject::Comment), "comment_deleted") => l.trail_comment_deleted(who),
        (Some(Subject::Comment), "comment_resolved") => l.trail_comment_resolved(who),
        (Some(Subject::Comment), "comment_reopened") => l.trail_comment_reopened(who),
        (Some(Subject::Outside), "link_sent") => l.trail_link_sent(mailboxes()),
        (Some(Subject::Outside), "link_sent_again") => l.trail_link_sent_again(mailboxes()),
        (Some(Subject::Outside), "link_revoked") => l.trail_link_revoked(who, mailboxes()),
        (Some(Subject::Outside), "link_opened") => l.trail_link_opened(mailboxes()),
        (Some(Subject::Outside), "calendar_shared") => l.trail_calendar_shared(text("/name"), who),
        (Some(Subject::Outside), "calendar_share_revoked") => l.trail_calendar_share_revoked(text("/name"), who),
        (Some(Subject::Emergency), "asked") => l.trail_emergency_asked(who),
        (Some(Subject::Emergency), "agree") => l.trail_emergency_agreed(who),
        (Some(Subject::Emergency), "decline") => l.trail_emergency_declined(who),
        (Some(Subject::Emergency), "ratify") => l.trail_emergency_ratified(who),
        (Some(Subject::Emergency), "disown") => l.trail_emergency_disowned(who),
        (Some(Subject::Drafting), "belongs") => {
            let named = [text("/campaign"), text("/pillar"), text("/audience"), text("/message")];
            match named.into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join(", ") {
                nowhere if nowhere.is_empty() => l.trail_belonged_nowhere(who),
                what => l.trail_belonged(what, who),
            }
        }
        (Some(Subject::Policy), "campaign_kept") => l.trail_campaign_kept(text("/name"), who),
        (Some(Subject::Policy), "pillar_kept") => l.trail_pillar_kept(text("/name"), who),
        (Some(Subject::Policy), "audience_kept") => l.trail_audience_kept(text("/name"), who),
        (Some(Subject::Policy), "message_kept") => l.trail_message_kept(text("/name"), who),
        (Some(Subject::Policy), "promise_kept") => l.trail_promise_kept(promise(), who),
        (Some(Subject::Policy), "promise_dropped") => l.trail_promise_dropped(promise(), who),
        (Some(Subject::Policy), "mark_kept") => l.trail_mark_kept(text("/name"), who),
        (Some(Subject::Policy), "mark_dropped") => l.trail_mark_dropped(text("/name"), who),
        (Some(Subject::Policy), "foreign_kept") => l.trail_foreign_kept(text("/name"), who),
        (Some(Subject::Policy), "foreign_dropped") => l.trail_foreign_dropped(text("/name"), who),
        (Some(Subject::Policy), "template_kept") => l.trail_template_kept(text("/name"), who),
        (Some(Subject::Policy), "template_dropped") => l.trail_template_dropped(text("/name"), who),
        (Some(Subject::Policy), "contact_kept") => l.trail_contact_kept(text("/name"), who),
        (Some(Subject::Policy), "contact_dropped") => l.trail_contact_dropped(text("/name"), who),
        (Some(Subject::Policy), "templates_added") => l.trail_templates_added(number("/count"), who),
        (Some(Subject::Policy), "reply_kept") => l.trail_reply_kept(text("/name"), who),
        (Some(Subject::Policy), "reply_agreed") => l.trail_reply_agreed(text("/name"), who),
        (Some(Subject::Policy), "reply_dropped") => l.trail_reply_dropped(text("/name"), who),
        (Some(Subject::Outside), "proposal_link_made") => l.trail_proposal_link_made(text("/name"), who),
        (Some(Subject::Outside), "proposal_link_revoked") => l.trail_proposal_link_revoked(text("/name"), who),
        (Some(Subject::Drafting), "proposal_taken_up") => match text("/name") {
            "" => l.trail_proposal_taken_up_nobody(who),
            name => l.trail_proposal_taken_up(name, who),
        },
        (Some(Subject::Outside), "proposal_thanked") => l.trail_proposal_thanked(who),
        (Some(Subject::Outside), "proposal_discarded") => l.trail_proposal_discarded(who),
        (Some(Subject::Library), "asset_described") => l.trail_asset_described(text("/name"), who),
        (Some(Subject::Library), "asset_replaced") => l.trail_asset_replaced(number("/held"), text("/name"), who),
        (Some(Subject::Library), "asset_brought_back") => l.trail_asset_brought_back(text("/name"), who),
        (Some(Subject::Policy), "brand_kept") => l.trail_brand_kept(who),
        (Some(Subject::Library), "asset_deleted") => {
            let hash = text("/hash");
            l.trail_asset_deleted(hash.get(..12).unwrap_or(hash), who)
        }
        (Some(Subject::Library), "consent_registered") => l.trail_consent_registered(text("/name"), who),
        (Some(Subject::Library), "consent_changed" | "consent_erased") => l.trail_consent_changed(text("/name"), who),
        (Some(Subject::Library), "consents_exported") => l.trail_consents_exported(who),
        (Some(Subject::Library), "consent_forgotten") => l.trail_consent_forgotten(who),
        (Some(Subject::Library), "consent_withdrawn") => l.trail_consent_withdrawn(number("/held"), text("/name"), who),
        (Some(Subject::Matter), "said") => l.trail_remarked(who),
        (Some(Subject::Matter), "taken_back") => l.trail_remark_taken_back(who),
        (Some(Subject::Submission), "") => l.trail_submitted(number("/round"), who),
        (Some(Subject::Decision), "") => match text("/decision/choice/decision") {
            "approve" => l.trail_approved(number("/decision/round"), who),
            "reserve" => l.trail_reserved(text("/decision/choice/comment"), who),
            "return" => l.trail_returned(text("/decision/choice/comment"), who),
            _ if body.get("approval").is_some() => l.trail_declared().to_owned(),
            _ => other(lang, subject, &who),
        },
        (Some(Subject::Waiver), "") => l.trail_waived(text("/waiver/reason"), who),
        (Some(Subject::Placement), "rearranged") if text("/because") == "swap" => l.trail_swapped(who),
        (Some(Subject::Placement), "rearranged") if text("/because") == "undo" => {
            l.trail_rearranged_back(number("/count"), who)
        }
        (Some(Subject::Placement), "rearranged") if text("/because") == "series" => {
            l.trail_rearranged_series(number("/count"), who)
        }
        (Some(Subject::Placement), "rearranged") => l.trail_rearranged(number("/count"), who),
        (Some(Subject::Placement), "") => {
            if body.get("cancelled").is_some() {
                l.trail_cancelled(reason(), who)
            } else if let Some(reason) = body.pointer("/did/retry").and_then(Value::as_str) {
                l.trail_retried(reason, who)
            } else if let Some(reason) = body.pointer("/did/given_up").and_then(Value::as_str) {
                l.trail_given_up(reason, who)
            } else if body.get("slot").is_some_and(Value::is_null) {
                l.trail_unplaced(who)
            } else {
                // Civil time, as it was said: `2026-11-28T10:00:00`.
                let civil = text("/slot/civil").replacen('T', " ", 1);
                match civil.get(..16) {
                    Some(civil) => l.trail_placed(civil, who),
                    None => other(lang, subject, &who),
                }
            }
        }
        (Some(Subject::Publication), "") if text("/deed") == "comment" => match body.get("by") {
            Some(_) => l.trail_first_comment_by(channel(), who),
            None => l.trail_first_comment(channel()),
        },
        (Some(Subject::Publication), "") if body.get("by").is_some() => l.trail_out_by(channel(), who),
        (Some(Subject::Publication), "") => l.trail_out(channel()),
        (Some(Subject::Publication), "pinned") => l.trail_pinned(channel()),
        (Some(Subject::Incident), "not_pinned") => l.trail_not_pinned(channel()),
        (Some(Subject::Correction), "") if is_act => l.trail_corrected_there(channel()),
        (Some(Subject::Correction), "") => l.trail_corrected(reason(), who),
        (Some(Subject::Takedown), "") if is_act => l.trail_taken_down_there(channel()),
        (Some(Subject::Takedown), "") => l.trail_taken_down(reason(), who),
        (Some(Subject::Incident), "nobody_decided_in_time") => l.trail_overdue(number("/round")),
        (Some(Subject::Incident), "nobody_agreed_in_time" | "nobody_ratified_in_time") => {
            l.trail_emergency_unanswered().to_owned()
        }
        (Some(Subject::Incident), "") => match text("/state/state") {
            "failed" => l.trail_failed(channel()),
            "unknown" => l.trail_unknown(channel()),
            "held" => l.trail_held().to_owned(),
            _ if body.get("held").is_some() => l.trail_held().to_owned(),
            _ => other(lang, subject, &who),
        },
        (Some(Subject::Pause), "paused") => l.trail_paused(reason(), who),
        (Some(Subject::Pause), "resumed") => l.trail_resumed(who),
        (Some(Subject::Declaration), "adopted") => l.trail_adopted(reason(), who),
        (Some(Subject::Declaration), "withdrawn") => l.trail_withdrawn(who),
        (Some(Subject::Policy), "data_changed") => l.trail_data_changed(who),
        (Some(Subject::Policy), "policy_changed") => l.trail_policy_changed(who),
        (Some(Subject::Policy), "utm_changed") => l.trail_utm_changed(who),
        (Some(Subject::Bylaws), "circuits_drawn") => l.trail_circuits_drawn(who),
        (Some(Subject::Bylaws), "emergencies_prepared") => l.trail_emergencies_prepared(who),
        (Some(Subject::Bylaws), "hours_changed") => l.trail_hours_changed(who),
        (Some(Subject::Bylaws), "units_changed") => l.trail_units_changed(who),
        (Some(Subject::Bylaws), "substitute_named") => {
            l.trail_substitute_named(text("/delegation/reference"), who, person(&["/delegation/to"]))
        }
        (Some(Subject::Bylaws), "substitute_revoked") => {
            l.trail_substitute_revoked(text("/delegation/reference"), who, person(&["/delegation/to"]))
        }
        (Some(Subject::Bylaws), "absence_named") => l.trail_absence_named(who, person(&["/absence/member"])),
        (Some(Subject::Bylaws), "absence_recalled") => l.trail_absence_recalled(who),
        (Some(Subject::Access), "signed_in") => l.trail_signed_in(who),
        (Some(Subject::Access), "signed_out") => l.trail_signed_out(who),
        (Some(Subject::Access), "session_ended") => l.trail_session_ended(who),
        (Some(Subject::Access), "sign_in_refused") => l.trail_sign_in_refused(person(&["/member"])),
        (Some(Subject::Access), "counter_went_back") => l.trail_counter_went_back(person(&["/member"])),
        (Some(Subject::Access), "passkey_enrolled") => l.trail_passkey_enrolled(who),
        (Some(Subject::Access), "passkey_removed") => l.trail_passkey_removed(who),
        (Some(Subject::Access), "codes_renewed") => l.trail_codes_renewed(who),
        (Some(Subject::Access), "member_joined") => l.trail_member_joined(role(), named()),
        (Some(Subject::Access), "member_changed") => l.trail_member_changed(who, named()),
        (Some(Subject::Access), "member_removed") => l.trail_member_removed(who, named()),
        (Some(Subject::Access), "invited") => l.trail_invited(role(), who, named()),
        (Some(Subject::Access), "uninvited") => l.trail_uninvited(who),
        (Some(Subject::Access), "recovery_asked") => l.trail_recovery_asked(person(&["/member"])),
        (Some(Subject::Access), "recovery_confirmed") => l.trail_recovery_confirmed(who, person(&["/member"])),
        (Some(Subject::Access), "recovery_stopped") => l.trail_recovery_stopped(who),
        (Some(Subject::Access), "feed_renewed") => l.trail_feed_renewed(who),
        (Some(Subject::Access), "feed_revoked") => l.trail_feed_revoked(who),
        (Some(Subject::Channel), "connected") => l.trail_connected(channel(), who),
        (Some(Subject::Channel), "connected_again") => l.trail_connected_again(channel(), who),
        (Some(Subject::Channel), "changed") => l.trail_channel_changed(channel(), who),
        (Some(Subject::Channel), "custodians_named") => match custodians() {
            whom if whom.is_empty() => l.trail_custodians_none(channel(), who),
            whom => l.trail_custodians_named(channel(), who, whom),
        },
        (Some(Subject::Channel), "handed_over") => l.trail_handed_over(channel(), who, custodians()),
        (Some(Subject::Channel), "refused") => l.trail_channel_refused(channel()),
        (Some(Subject::Channel), "disconnected") => l.trail_disconnected(channel(), who),
        (Some(Subject::Erasure), "") => l.trail_body_erased(reason(), number("/seq"), who),
        (Some(Subject::Task), "task_asked") => l.trail_task_asked(text("/title"), who, person(&["/assignee/member"])),
        (Some(Subject::Task), "task_moved") => {
            let found = StateName::ALL.iter().find(|state| body.pointer("/state/state") == Some(&json!(state)));
            match found {
                Some(state) => l.trail_task_moved(task_state_name(lang, *state), who),
                None => other(lang, subject, &who),
            }
        }
        (Some(Subject::Task), "task_handed_on") => l.trail_task_handed_on(who, person(&["/to/member"])),
        (Some(Subject::Export), "exported") if ["csv", "xlsx"].contains(&text("/format")) => l.trail_exported_csv(who),
        (Some(Subject::Export), "exported") => l.trail_exported_json(who),
        (Some(Subject::Export), "copied_out") => l.trail_copied_out(who),
        (Some(Subject::Export), "arrival_begun") => l.trail_arrival_begun(text("/copied/name"), who),
        (Some(Subject::Export), "copied_in") => l.trail_copied_in(text("/copied/name"), who),
        (Some(Subject::Export), "arrival_given_up") => l.trail_arrival_given_up(who),
        _ => other(lang, subject, &who),
    }
}

/// How it is known that it was they, as a session or an actor says it; what this version does not know, to the letter.
pub fn proven(lang: Lang, how: &str) -> String {
    let name = match how.split(' ').next().unwrap_or_default() {
        "passkey" => lang.trail_how_passkey(),
        "rehearsal" => lang.trail_how_rehearsal(),
        "set_up" => lang.trail_how_set_up(),
        "invitation" => lang.trail_how_invitation(),
        "mail_code" => lang.trail_how_mail_code(),
        "printed_code" => lang.trail_how_printed_code(),
        "recovery" => lang.trail_how_recovery(),
        "session" => lang.trail_how_session(),
        other => other,
    };
    name.to_owned()
}

/// What this version does not know.
fn other(lang: Lang, subject: &str, who: &str) -> String {
    lang.trail_other(Subject::of_name(subject).map_or(subject, |known| subject_name(lang, known)), who)
}

#[cfg(test)]
mod tests {
    use domain::json;

    use super::*;

    #[test]
    fn an_entry_is_a_sentence_with_the_names_of_who_did_it() {
        let (mayor, board) = (MemberId::from_bits(3), ChannelId::from_bits(4));
        let (members, channels) =
            ([(mayor.clone(), "La alcaldesa".to_owned())], [(board.clone(), "Tablón".to_owned())]);
        let known = Known { members: &members, channels: &channels };
        let (device, how) = ("Safari, iPhone".to_owned(), "passkey 7".to_owned());
        let actor = Actor::Member { member: mayor.clone(), role: None, session: None, device, how };
        let decision = json!({ "round": 2, "choice": json!({ "decision": "approve" }) });
        let said = |subject: &str, body: Value| happened(Lang::Es, subject, &body, known);
        assert_eq!(
            said("decision", json!({ "actor": actor, "decision": decision })),
            "La alcaldesa la aprobó (ronda 2)"
        );
        let engine = Actor::Engine { job: "deliver".to_owned() };
        assert_eq!(
            said("publication", json!({ "actor": engine, "deed": "create", "channel": board })),
            "Salió en Tablón"
        );
        let keeps = |change: &str, custodians: &[&MemberId]| {
            said("channel", json!({ "change": change, "actor": actor, "channel": board, "custodians": custodians }))
        };
        assert_eq!(
            keeps("custodians_named", &[&mayor]),
            "La alcaldesa dijo quién responde de la cuenta de Tablón: La alcaldesa"
        );
        assert_eq!(keeps("custodians_named", &[]), "La alcaldesa dejó a Tablón sin nadie que responda de la cuenta");
        assert_eq!(keeps("handed_over", &[&mayor]), "La alcaldesa traspasó la cuenta de Tablón a La alcaldesa");
        let belongs = |campaign: &str, pillar: &str| {
            let body = json!({ "what": "belongs", "actor": actor, "campaign": campaign, "pillar": pillar });
            said("drafting", body)
        };
        assert_eq!(belongs("Recicla bien", "Limpieza"), "La alcaldesa la puso en: Recicla bien, Limpieza");
        assert_eq!(belongs("", "Limpieza"), "La alcaldesa la puso en: Limpieza");
        assert_eq!(belongs("", ""), "La alcaldesa la dejó sin campaña, eje, público ni mensaje");
        let promise = |per: &str| {
            let body = json!({ "what": "promise_kept", "actor": actor, "channel": board, "count": 3, "per": per });
            said("policy", body)
        };
        assert_eq!(promise("week"), "La alcaldesa guardó en el plan: 3 por semana en Tablón");
        assert_eq!(promise("month"), "La alcaldesa guardó en el plan: 3 al mes en Tablón");
        // Of before the actor was kept, and of a version to come.
        assert_eq!(
            said("access", json!({ "what": "codes_renewed", "by": mayor })),
            "La alcaldesa renovó sus códigos impresos"
        );
        assert_eq!(said("access", json!({ "what": "of_tomorrow", "actor": actor })), "La alcaldesa: Accesos");
        assert_eq!(said("of_tomorrow", json!({ "what": "x", "actor": engine })), "El motor: of_tomorrow");
        assert_eq!(said("placement", json!({})), "El motor: Fecha");
    }

    #[test]
    fn how_somebody_was_known_is_said_without_the_number_of_the_key() {
        assert_eq!(proven(Lang::Es, "passkey 01"), "Llave de acceso");
        assert_eq!(proven(Lang::En, "by_dove"), "by_dove");
    }

    #[test]
    fn every_subject_has_a_sentence_that_names_who() {
        let known = Known { members: &[], channels: &[] };
        let body = json!({ "what": "something", "actor": Actor::Engine { job: "tick".to_owned() } });
        for subject in Subject::ALL.iter().copied() {
            for lang in Lang::ALL {
                let sentence = happened(lang, subject.name(), &body, known);
                assert!(sentence.starts_with(lang.trail_engine()), "{sentence}");
            }
        }
    }
}
