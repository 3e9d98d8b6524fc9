//! Pages that words of a post lead to: found by their addresses while it is written, mentioned where their names stand, and plain
//! words where LinkedIn does not know them under the name that was agreed to.

use domain::{Mentions, mentions::Missed, policy::Evidence};
use wire::channels::{SEEK, Seek};

use super::*;

const WATER: &str = "Aguas (Sur)";

/// A page that mentions two others.
fn with_others(town: Town) -> (Town, Sandbox, Channel, Mentions) {
    let (town, sandbox, made) = with_page(town);
    sandbox.set(&json!({ "linkedin": { "others": ["Diputación del Sur", WATER] } }));
    let one = Mentions::with(None, "diputación-del-sur", "Diputación del Sur");
    let both = Mentions::with(one.as_ref(), "aguas-sur", WATER).unwrap();
    (town, sandbox, made, both)
}

fn mentioning(town: &Town, made: &Channel, text: &str, all: &Mentions) -> Content {
    let mut content = notice_on(town, made, text);
    content.targets[0].mentions = Some(all.clone());
    content
}

/// A page that LinkedIn does not know by that name any more.
fn renamed(page: &str) -> Missed {
    Missed { page: page.to_owned(), renamed: true, message: String::new() }
}

/// How often a page was looked up by its address: one that is read by its number stands at another.
fn looked_up(sandbox: &Sandbox) -> usize {
    sandbox.requests("GET /rest/organizations").iter().filter(|call| call["path"] == "/rest/organizations").count()
}

#[test]
fn a_page_is_mentioned_by_its_name_read_back_by_linkedin_s_own_client_and_kept_by_a_correction() {
    let (town, sandbox, made, both) = with_others(Town::found("Villa que Menciona"));
    let (author, mayor) = (town.author(), town.mayor());
    let seek = |page: &str| Seek { page: page.to_owned() };
    let found = |page: &str| author.ok(&SEEK, &[made.id.as_str()], &seek(page));
    let there = found("https://es.linkedin.com/company/Diputaci%C3%B3n-del-Sur/about?x=1");
    assert_eq!((&*there.short, there.name.as_deref()), ("diputación-del-sur", Some("Diputación del Sur")));
    assert_eq!(found("company/aguas-sur").name.as_deref(), Some(WATER));
    assert_eq!(found("nadie").name, None, "nobody has that address");
    let person = author.no(&SEEK, &[made.id.as_str()], &seek("https://www.linkedin.com/in/alcaldesa"));
    assert_eq!(person, Refusal::Malformed { field: "page".to_owned() });
    let board = town.founded.noticeboard.to_string();
    assert_eq!(author.no(&SEEK, &[&board], &seek("aguas-sur")), Refusal::ChannelUnfit, "nobody can be asked there");

    let text =
        "Con la Diputación del Sur y Aguas (Sur): @ [Aguas (Sur)](urn:li:person:1) y @alcaldesa. #Agua de Aguas (Sur)";
    let content = mentioning(&town, &made, text, &both);
    let told = |content: &Content| -> Vec<Evidence> {
        let all = author.ok(&posts::CHECK, &[], content).into_iter();
        all.filter(|one| one.rule == Rule::Mention).map(|one| one.evidence).collect()
    };
    assert_eq!(told(&content), []);
    let small = mentioning(&town, &made, "Con la Diputación del Sur y aguas (sur).", &both);
    assert_eq!(told(&small), [Evidence::Words { words: WATER.to_owned() }], "another letter is another name");
    let asked = looked_up(&sandbox);
    let out = publish(&town, &content);
    assert_eq!(looked_up(&sandbox), asked + 2, "each page once");
    let seen = shown(&sandbox).remove(0);
    assert_eq!((&seen["text"], &seen["mentions"]), (&json!(text), &json!(["Diputación del Sur", WATER])));
    let read = sandbox.at_linkedin("posts").remove(0);
    let leads = |name: &str| json!({ "name": name, "page": name });
    assert_eq!(read["mentions"], json!([leads("Diputación del Sur"), leads(WATER)]));
    api_journeys::covered::read(Network::Linkedin, "mentions");
    let little = read["commentary"].as_str().unwrap();
    assert!(
        little.contains("\\@ \\[Aguas \\(Sur\\)\\]\\(urn:li:person:1\\)"),
        "what is typed stands for itself: {little}"
    );

    // A correction of the words mentions them too, wherever the names stand now.
    let mut right = content.clone();
    right.texts.values_mut().for_each(|text| "De Aguas (Sur) y la Diputación del Sur.".clone_into(text));
    let sent = correct(&author, &mayor, &out, right.clone());
    let corrected = edited(&author, &sent, |state| matches!(state, ActState::Done { .. }));
    assert_eq!(shown(&sandbox)[0]["mentions"], json!([WATER, "Diputación del Sur"]));
    // And one of the mentions alone changes no word.
    right.targets[0].mentions = both.without("aguas-sur");
    let sent = correct(&author, &mayor, &corrected, right.clone());
    let corrected = edited(&author, &sent, |state| matches!(state, ActState::Done { .. }));
    let now = shown(&sandbox).remove(0);
    assert_eq!(now["text"], "De Aguas (Sur) y la Diputación del Sur.");
    assert_eq!((&now["mentions"], made_visible(&sandbox)), (&json!(["Diputación del Sur"]), 1));
    assert_eq!(receipt(&corrected).unmentioned, []);

    // A correction does not wait for a page that is called otherwise by then: it mentions nobody, and that is told.
    sandbox.set(&json!({ "linkedin": { "others": ["DIPUTACIÓN del Sur", WATER] } }));
    right.texts.values_mut().for_each(|text| "Al fin, con la Diputación del Sur.".clone_into(text));
    let sent = correct(&author, &mayor, &corrected, right);
    let corrected = edited(&author, &sent, |state| matches!(state, ActState::Done { .. }));
    assert_eq!(shown(&sandbox)[0]["mentions"], json!([]));
    assert_eq!(
        receipt(&corrected).unmentioned,
        [renamed("Diputación del Sur (linkedin.com/company/diputación-del-sur)")]
    );
}

#[test]
fn linkedin_s_own_client_mentions_one_here_too() {
    let sandbox = Sandbox::start();
    sandbox.set(&json!({ "linkedin": { "others": [WATER] } }));
    let made = sandbox.at_linkedin("mention");
    let read = sandbox.at_linkedin("posts");
    assert_eq!((&read[0]["id"], &read[0]["mentions"]), (&made[0], &json!([{ "name": WATER, "page": WATER }])));
    let seen = shown(&sandbox).remove(0);
    assert_eq!((&seen["text"], &seen["mentions"]), (&json!("With Aguas (Sur)."), &json!([WATER])));
    api_journeys::covered::made(Network::Linkedin, "mentions");
}

#[test]
fn a_page_that_cannot_be_found_is_the_words_that_were_agreed_to_and_holds_nothing_up() {
    let (town, sandbox, made, both) = with_others(Town::alone("Villa que Menciona a Nadie"));
    town.arm("impatient=1");
    let author = town.author();
    let text = |n: usize| format!("La {n}.ª, con la Diputación del Sur y Aguas (Sur).");
    let of = |n: usize| shown(&sandbox)[n].clone();
    let (one, other) = (json!(["Diputación del Sur"]), json!(["Diputación del Sur", WATER]));
    // It is called otherwise by now.
    sandbox.set(&json!({ "linkedin": { "others": ["Diputación del Sur", "AGUAS (Sur)"] } }));
    let out = publish(&town, &mentioning(&town, &made, &text(0), &both));
    assert_eq!((&of(0)["text"], &of(0)["mentions"]), (&json!(text(0)), &one));
    assert_eq!(receipt(&out).unmentioned, [renamed("Aguas (Sur) (linkedin.com/company/aguas-sur)")], "and it is told");
    // Nobody may look anybody up, or not so often.
    sandbox.set(&json!({ "linkedin": { "others": ["Diputación del Sur", WATER] } }));
    for (n, status) in [(1, 403), (2, 429)] {
        sandbox
            .arm(&json!([{ "on": "GET /rest/organizations", "then": "status_before", "status": status, "times": 2 }]));
        let out = publish(&town, &mentioning(&town, &made, &text(n), &both));
        assert_eq!((&of(n)["text"], &of(n)["mentions"]), (&json!(text(n)), &json!([])), "{status}");
        let missed = receipt(&out).unmentioned;
        assert!(missed.len() == 2 && missed.iter().all(|one| !one.renamed && !one.message.is_empty()), "{missed:?}");
    }
    // LinkedIn is away: nothing was made, and the next try has them.
    sandbox.arm(&json!([{ "on": "GET /rest/organizations", "then": "status_before" }]));
    let post = release(&town, &mentioning(&town, &made, &text(3), &both));
    eventually("the first try", || {
        let act = author.read(&post.post.id).publications[0].acts[0].clone();
        (act.attempts.len() == 1 && tries_again(&act)).then_some(())
    });
    town.ahead(Millis::minutes(6));
    town.tick();
    let out = author.wait_for(&post.post.id, PublicationState::Out);
    assert_eq!((&of(3)["mentions"], made_visible(&sandbox)), (&other, 4));
    assert_eq!(receipt(&out).unmentioned, []);

    // A correction loses no mention that works because nobody may look it up for a moment: nothing is sent, and it is tried again.
    let mut right = mentioning(&town, &made, "De Aguas (Sur) y la Diputación del Sur.", &both);
    sandbox.arm(&json!([{ "on": "GET /rest/organizations", "then": "status_before", "status": 403 }]));
    let sent = correct(&author, &town.mayor(), &out, right.clone());
    eventually("the first try of the correction", || {
        let act = author.read(&sent.post.id).publications[0].acts.last()?.clone();
        (act.deed == Deed::Edit && act.attempts.len() == 1 && tries_again(&act)).then_some(())
    });
    assert_eq!((&of(3)["text"], &of(3)["mentions"]), (&json!(text(3)), &other));
    town.ahead(Millis::minutes(7));
    town.tick();
    let corrected = edited(&author, &sent, |state| matches!(state, ActState::Done { .. }));
    let kept = json!([WATER, "Diputación del Sur"]);
    assert_eq!((&of(3)["mentions"], receipt(&corrected).unmentioned.len()), (&kept, 0));
    town.ahead(Millis(0));

    // A correction of the mentions alone that never arrived is not taken for done because the words are the same.
    right.targets[0].mentions = both.without("aguas-sur");
    sandbox.arm(&json!([{ "on": format!("POST {ONE}"), "then": "drop_before" }]));
    correct(&author, &town.mayor(), &corrected, right);
    edited(&author, &out, |state| matches!(state, ActState::Unknown { .. }));
    look_twice(&town);
    edited(&author, &out, |state| matches!(state, ActState::Unknown { asked: true, .. }));
    assert_eq!(of(3)["mentions"], kept);
}
