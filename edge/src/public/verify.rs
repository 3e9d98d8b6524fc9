//! The page on which anybody verifies the receipt of a decision, in their own browser.
//! Separate from the other public pages: it is the one that runs a script, ours alone, and belongs to no organisation.

use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
};
use domain::Slug;
use maud::{Markup, html};
use words::Lang;

use super::{
    frame::plain,
    visit::{Trouble, Visit},
};
use crate::passkeys::Party;

/// Where the script `verify.js` is. It lies beside the desk's files and is served without the engine.
const SCRIPT_PATH: &str = "/public/verify.js";

/// What is checked: its name in the script, what it asks, and what it means if it does not hold.
fn checks(lang: Lang) -> [(&'static str, &'static str, &'static str); 22] {
    [
        ("format", lang.verify_what_format(), lang.verify_why_format()),
        ("organisation_key", lang.verify_what_organisation_key(), lang.verify_why_organisation_key()),
        ("enrolment", lang.verify_what_enrolment(), lang.verify_why_enrolment()),
        ("enrolment_signature", lang.verify_what_enrolment_signature(), lang.verify_why_enrolment_signature()),
        ("relying_party", lang.verify_what_relying_party(), lang.verify_why_relying_party()),
        ("statement", lang.verify_what_statement(), lang.verify_why_statement()),
        ("credential", lang.verify_what_credential(), lang.verify_why_credential()),
        ("client_data", lang.verify_what_client_data(), lang.verify_why_client_data()),
        ("ceremony", lang.verify_what_ceremony(), lang.verify_why_ceremony()),
        ("challenge", lang.verify_what_challenge(), lang.verify_why_challenge()),
        ("origin", lang.verify_what_origin(), lang.verify_why_origin()),
        ("cross_origin", lang.verify_what_cross_origin(), lang.verify_why_cross_origin()),
        ("authenticator_data", lang.verify_what_authenticator_data(), lang.verify_why_authenticator_data()),
        ("relying_party_hash", lang.verify_what_relying_party_hash(), lang.verify_why_relying_party_hash()),
        ("presence", lang.verify_what_presence(), lang.verify_why_presence()),
        ("verification", lang.verify_what_verification(), lang.verify_why_verification()),
        ("signature", lang.verify_what_signature(), lang.verify_why_signature()),
        ("person", lang.verify_what_person(), lang.verify_why_person()),
        ("organisation", lang.verify_what_organisation(), lang.verify_why_organisation()),
        ("time", lang.verify_what_time(), lang.verify_why_time()),
        ("decision", lang.verify_what_decision(), lang.verify_why_decision()),
        ("comment", lang.verify_what_comment(), lang.verify_why_comment()),
    ]
}

/// The same for a receipt over a code by mail.
fn code_checks(lang: Lang) -> [(&'static str, &'static str, &'static str); 13] {
    let shared = |name: &str| checks(lang).into_iter().find(|(other, ..)| *other == name).unwrap_or_default();
    [
        shared("format"),
        shared("organisation_key"),
        ("attestation", lang.verify_what_attestation(), lang.verify_why_attestation()),
        ("attestation_signature", lang.verify_what_attestation_signature(), lang.verify_why_attestation_signature()),
        ("attested_service", lang.verify_what_attested_service(), lang.verify_why_attested_service()),
        shared("statement"),
        ("attested_statement", lang.verify_what_attested_statement(), lang.verify_why_attested_statement()),
        ("attested_person", lang.verify_what_attested_person(), lang.verify_why_attested_person()),
        ("attested_mailbox", lang.verify_what_attested_mailbox(), lang.verify_why_attested_mailbox()),
        ("attested_organisation", lang.verify_what_attested_organisation(), lang.verify_why_attested_organisation()),
        ("attested_time", lang.verify_what_attested_time(), lang.verify_why_attested_time()),
        ("decision", lang.verify_what_decision(), lang.verify_why_attested_decision()),
        ("comment", lang.verify_what_comment(), lang.verify_why_attested_comment()),
    ]
}

/// The same for a decision of several that one signature covers.
fn series_checks(lang: Lang) -> Vec<(&'static str, &'static str, &'static str)> {
    let together = ("together", lang.verify_what_together(), lang.verify_why_together());
    let behind = |name: &str| (name == "statement").then_some(together);
    checks(lang).into_iter().flat_map(|check| [Some(check), behind(check.0)]).flatten().collect()
}

/// The same for a word in an emergency.
fn word_checks(lang: Lang) -> Vec<(&'static str, &'static str, &'static str)> {
    let shared = checks(lang).into_iter().filter(|(name, ..)| !matches!(*name, "decision" | "comment"));
    shared.chain([("reason", lang.verify_what_reason(), lang.verify_why_reason())]).collect()
}

fn list(id: &str, checks: &[(&'static str, &'static str, &'static str)], hidden: bool) -> Markup {
    html! {
        ol.checks id=(id) hidden[hidden] { @for (name, what, why) in checks {
            li data-check=(name) { (what) ": " strong.state {} span.why hidden { (why) } }
        } }
    }
}

/// `/verify`, with `?org=` for the organisation whose register is asked for its key. No query.
pub async fn page(visit: Visit) -> Result<Response<Body>, Trouble> {
    let lang = visit.lang();
    let host = visit.origin();
    let host = host.split_once("://").map_or(host.as_str(), |(_, host)| host);
    let slug = visit.query("org").and_then(|org| Slug::try_from(org).ok());
    let address = slug.as_ref().map(|slug| format!("{host}/{slug}/")).unwrap_or_default();
    let party = Party::of(&visit.app, &visit.uri, &visit.headers)?;
    let tongue = |tag: &str| match &slug {
        Some(slug) => format!("/verify?lang={tag}&org={slug}"),
        None => format!("/verify?lang={tag}"),
    };
    let body = html! {
        p.lead { (lang.verify_lead()) }
        nav aria-label=(lang.public_languages()) {
            @for (tag, name) in [("es", lang.public_endonym_es()), ("en", lang.public_endonym_en())] {
                a href=(tongue(tag)) lang=(tag) hreflang=(tag) aria-current=[(tag == lang.tag()).then_some("true")] { (name) }
                " "
            }
        }
        noscript { p.stop { (lang.verify_no_script()) } }
        (form(lang, host, &address, &party.id))
        p #verdict role="status" {}
        section #facts hidden { h2 { (lang.verify_facts()) } dl #facts-list {} }
        section #checks hidden {
            h2 { (lang.verify_checks()) }
            (list("checks-passkey", &checks(lang), false))
            (list("checks-code", &code_checks(lang), true))
            (list("checks-word", &word_checks(lang), true))
            (list("checks-series", &series_checks(lang), true))
        }
        (texts(lang))
        script type="module" src=(SCRIPT_PATH) {}
    };
    let mut response = visit.html(StatusCode::OK, plain(lang, lang.verify_title(), body), None);
    // One script, by its very address: a file that somebody uploaded here is not run. And nothing to ask but this host,
    // so that not even a changed script could carry a receipt elsewhere.
    let policy = format!(
        "default-src 'none'; script-src {}{SCRIPT_PATH}; connect-src 'self'; style-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'",
        visit.origin()
    );
    let policy = HeaderValue::from_str(&policy).map_err(|_| Trouble::NotFound)?;
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

fn form(lang: Lang, host: &str, address: &str, party: &str) -> Markup {
    html! {
        form #form {
            div.zone #zone {
                label for="receipt" { (lang.verify_receipt()) }
                input #receipt type="file" accept=".json,application/json" aria-describedby="drop";
                p #drop { (lang.verify_drop()) }
            }
            fieldset {
                legend { (lang.verify_pins()) }
                label for="address" { (lang.verify_address()) }
                input #address value=(address) inputmode="url" autocapitalize="none" spellcheck="false"
                    autocomplete="off" aria-describedby="address-hint";
                p #address-hint { (lang.verify_address_hint(format!("{host}/…/"))) }
                label for="key" { (lang.verify_key()) }
                input #key type="file" accept=".json,.jwk,application/json" aria-describedby="key-hint";
                p #key-hint { (lang.verify_key_hint()) }
                label for="rp" { (lang.verify_relying_party()) }
                input #rp value=(party) inputmode="url" autocapitalize="none" spellcheck="false" autocomplete="off"
                    aria-describedby="rp-hint";
                p #rp-hint { (lang.verify_relying_party_hint()) }
            }
            button.button { (lang.verify_check()) }
        }
    }
}

/// What the script says, in the reader's language: it has no words of its own.
fn texts(lang: Lang) -> Markup {
    html! {
        div #words hidden data-working=(lang.verify_working()) data-good=(lang.verify_good())
            data-good-code=(lang.verify_good_code()) data-good-word=(lang.verify_good_word())
            data-said=(lang.verify_said()) data-reason=(lang.verify_reason())
            data-said_ask=(lang.verify_said_ask()) data-said_agree=(lang.verify_said_agree())
            data-said_decline=(lang.verify_said_decline()) data-said_ratify=(lang.verify_said_ratify())
            data-said_disown=(lang.verify_said_disown()) data-means=(lang.outside_means())
            data-by-code=(lang.outside_by_code("{0}")) data-by-passkey=(lang.outside_by_passkey())
            data-asked-at=(lang.outside_asked_at()) data-confirmed-at=(lang.outside_confirmed_at())
            data-bad=(lang.verify_bad()) data-passed=(lang.verify_passed()) data-failed=(lang.verify_failed())
            data-skipped=(lang.verify_skipped()) data-who=(lang.verify_who()) data-what=(lang.verify_decision())
            data-approve=(lang.verify_approve()) data-reserve=(lang.verify_reserve())
            data-return=(lang.verify_return()) data-comment=(lang.verify_comment()) data-when=(lang.verify_when())
            data-authority=(lang.verify_authority()) data-post=(lang.verify_post()) data-round=(lang.verify_round())
            data-content=(lang.verify_content()) data-enrolled=(lang.verify_enrolled()) data-how=(lang.verify_how())
            data-confirmed=(lang.verify_confirmed()) data-nobody=(lang.verify_nobody())
            data-together=(lang.verify_together())
            data-no-receipt=(lang.verify_no_receipt()) data-no-key=(lang.verify_no_key())
            data-bad-key=(lang.verify_bad_key()) data-no-register=(lang.verify_no_register())
            data-register-without-key=(lang.verify_register_without_key())
            data-elsewhere=(lang.verify_elsewhere()) data-old=(lang.verify_old())
            data-by_set_up=(lang.devices_how_set_up()) data-by_invitation=(lang.devices_how_invitation())
            data-by_mail_code=(lang.devices_how_mail_code()) data-by_recovery=(lang.devices_how_recovery())
            data-by_session=(lang.devices_how_session()) {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = include_str!("verify.js");

    #[test]
    fn the_page_names_every_check_of_the_script_in_its_order() {
        let named = |list: &str| {
            let (_, rest) = SCRIPT.split_once(&format!("const {list} = [")).unwrap();
            rest.split_once("];").unwrap().0.split('\'').skip(1).step_by(2).collect::<Vec<&str>>()
        };
        assert_eq!(named("CHECKS"), checks(Lang::Es).map(|(name, ..)| name));
        assert_eq!(named("CODE_CHECKS"), code_checks(Lang::Es).map(|(name, ..)| name));
        // The script makes these out of the first.
        assert!(SCRIPT.contains("const SERIES_CHECKS = [...CHECKS.slice(0, 6), 'together', ...CHECKS.slice(6)];"));
        let series = [&named("CHECKS")[..6], &["together"], &named("CHECKS")[6..]].concat();
        assert_eq!(series, series_checks(Lang::Es).into_iter().map(|(name, ..)| name).collect::<Vec<_>>());
        assert!(SCRIPT.contains("const WORD_CHECKS = [...CHECKS.slice(0, -2), 'reason'];"));
        let words = [&named("CHECKS")[..20], &["reason"]].concat();
        assert_eq!(words, word_checks(Lang::Es).into_iter().map(|(name, ..)| name).collect::<Vec<_>>());
    }

    #[test]
    fn the_script_is_small_and_asks_for_one_thing_only() {
        assert!(SCRIPT.len() < 27_000, "{}", SCRIPT.len());
        assert_eq!(SCRIPT.matches("fetch(").count(), 1);
        for other in ["import ", "XMLHttpRequest", "sendBeacon", "WebSocket", "innerHTML", "eval("] {
            assert!(!SCRIPT.contains(other), "{other}");
        }
    }

    #[test]
    fn every_text_that_the_script_says_is_on_the_page() {
        let page = texts(Lang::En).into_string();
        for piece in SCRIPT.split("words.").skip(1) {
            let name: String = piece.chars().take_while(|letter| letter.is_ascii_alphanumeric()).collect();
            let kebab: String = name
                .chars()
                .map(
                    |letter| {
                        if letter.is_uppercase() { format!("-{}", letter.to_lowercase()) } else { letter.to_string() }
                    },
                )
                .collect();
            assert!(page.contains(&format!("data-{kebab}=")), "{name}");
        }
    }
}
