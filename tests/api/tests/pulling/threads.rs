//! What goes to Threads and what is read of it there, and a token that is renewed ahead of time.

use domain::{Refusal, Replies, Target, Topic, policy::Rule};

use super::*;

#[test]
fn text_card_picture_and_carousel_are_read_back_by_a_client_that_is_not_ours() {
    let (town, sandbox, made) = THREADS.connected(Town::found("Villa de los Hilos"));
    assert!(!made.assisted);
    assert_eq!(
        (made.network, &*made.handle, made.health.state),
        (Network::Threads, "@villadehilos", HealthState::Working)
    );
    let author = town.author();
    publish(&town, &notice_on(&town, &made, "Solo texto: ñ, «comillas», 👨‍👩‍👧 & <b>."));
    let mut linked = notice_on(&town, &made, "Con enlace.");
    linked.link = Some("https://villa.example/pleno?a=1&b=2".to_owned());
    publish(&town, &linked);
    let mut one = notice_on(&town, &made, "Una imagen.");
    one.link.clone_from(&linked.link);
    let single = pictures(&author, &mut one, 1);
    publish(&town, &one);
    let mut many = notice_on(&town, &made, "Veinte imágenes.");
    let album = pictures(&author, &mut many, 20);
    let last = release(&town, &many);
    let last = eventually("the carousel", || {
        town.tick();
        let view = author.read(&last.post.id);
        (view.publications[0].state == PublicationState::Out).then_some(view)
    });
    let read = sandbox.on_threads("posts", "");
    let said: Vec<&str> = read.iter().map(|post| post["text"].as_str().unwrap()).collect();
    let link = "https://villa.example/pleno?a=1&b=2";
    let texts =
        ["Veinte imágenes.", &format!("Una imagen.\n\n{link}"), "Con enlace.", "Solo texto: ñ, «comillas», 👨‍👩‍👧 & <b>."];
    assert_eq!(said, texts);
    let kinds: Vec<&str> = read.iter().map(|post| post["media_type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["CAROUSEL_ALBUM", "IMAGE", "TEXT_POST", "TEXT_POST"]);
    assert_eq!((&read[2]["link_attachment_url"], &read[1]["link_attachment_url"]), (&json!(link), &Value::Null));
    api_journeys::covered::read(Network::Threads, "text, card, pictures");
    let shown = THREADS.published(&sandbox);
    assert_eq!(
        (&shown[1]["link"], &shown[2]["link"]),
        (&json!(link), &Value::Null),
        "pictures leave no room for a card"
    );
    assert_eq!((&shown[3]["pictures"], &shown[2]["pictures"]), (&json!(album), &json!(single)));
    let ActState::Done { receipt } = last_act(&last) else { panic!("{:?}", last_act(&last)) };
    assert_eq!(
        (json!(receipt.native_id), json!(receipt.address)),
        (read[0]["id"].clone(), read[0]["permalink"].clone())
    );
}

#[test]
fn who_may_reply_is_said_with_each_part_and_whatever_hangs_below_it() {
    let (town, sandbox, made) = THREADS.connected(Town::found("Villa que Escucha Menos"));
    let author = town.author();
    publish(&town, &notice_on(&town, &made, "Abierto a todos."));
    let mut thread = notice_on(&town, &made, "Con pesar.\n---\nMañana, duelo oficial.");
    thread.replies = Replies::Nobody;
    thread.targets[0].topic = Topic::typed("Duelo");
    publish(&town, &thread);
    let mut single = notice_on(&town, &made, "Una imagen.");
    single.replies = Replies::Following;
    pictures(&author, &mut single, 1);
    publish(&town, &single);
    let mut album = notice_on(&town, &made, "Dos imágenes.");
    album.replies = Replies::Mentioned;
    album.targets[0].topic = Topic::typed("#Fiestas de agosto");
    pictures(&author, &mut album, 2);
    let out = publish(&town, &album).post;
    // What it is filed under cannot be corrected there: nobody agrees to what would not happen.
    let refiled = Content { targets: vec![Target { topic: None, ..album.targets[0].clone() }], ..album.clone() };
    let correct =
        posts::Correct { version: out.version, content: refiled, reason: "Sin tema.".to_owned(), checked: None };
    let refused = Refusal::Malformed { field: "targets".to_owned() };
    assert_eq!(author.no(&posts::CORRECT, &[out.id.as_str()], &correct), refused);
    let said: Vec<Value> = THREADS.published(&sandbox).iter().map(|post| post["replies"].clone()).collect();
    let (mentioned, following) = (json!("mentioned_only"), json!("accounts_you_follow"));
    assert_eq!(said, [Value::Null, mentioned.clone(), mentioned.clone(), following, mentioned]);
    let read = sandbox.on_threads("posts", "");
    let audience: Vec<&str> = read.iter().filter_map(|post| post["reply_audience"].as_str()).collect();
    assert_eq!(audience, ["MENTIONED_ONLY", "ACCOUNTS_YOU_FOLLOW", "MENTIONED_ONLY", "EVERYONE"]);
    // A thread is filed by its first part, and a topic is no part of the text.
    let topics: Vec<Value> = THREADS.published(&sandbox).iter().map(|post| post["topic"].clone()).collect();
    assert_eq!(topics, [Value::Null, json!("Duelo"), Value::Null, Value::Null, json!("Fiestas de agosto")]);
    assert_eq!((&read[0]["topic_tag"], &read[0]["text"]), (&json!("Fiestas de agosto"), &json!("Dos imágenes.")));
    api_journeys::covered::read(Network::Threads, "replies, topic");
    let mut odd = serde_json::to_value(&album).unwrap();
    odd["targets"][0]["topic"] = json!("Agua & luz");
    let body = json!({ "version": 0, "content": odd }).to_string();
    let path = format!("/api/posts/{}", api_journeys::new_post());
    assert_eq!(author.raw(wire::Method::Put, &path, body.as_bytes()).status, 422);
}

#[test]
fn a_client_that_is_not_ours_makes_each_kind_here_too() {
    let sandbox = Sandbox::start();
    let made = sandbox.on_threads("make", "");
    let read = sandbox.on_threads("posts", "");
    let said: Vec<&str> = read.iter().map(|post| post["text"].as_str().unwrap()).collect();
    assert_eq!((said, made.len()), (vec!["One picture.", "Text alone."], 2));
    let [first, second, linked] = &sandbox.on_threads("more", "")[..] else { panic!("three") };
    let read = sandbox.on_threads("posts", "");
    assert_eq!((&read[0]["id"], &read[0]["link_attachment_url"]), (linked, &json!("https://town.example/")));
    assert_eq!((&read[1]["id"], &read[1]["topic_tag"]), (first, &json!("Water")));
    assert_eq!(read[1]["reply_audience"], "MENTIONED_ONLY");
    let answers = sandbox.on_threads("answers", "");
    assert_eq!((&answers[0]["id"], &answers[0]["above"]), (second, first));
    api_journeys::covered::made(Network::Threads, "text, card, pictures, thread, replies, topic, takedown");
}

#[test]
fn what_threads_counts_is_counted_before_as_it_counts() {
    let (town, sandbox, made) = THREADS.connected(Town::found("Villa de los Emojis"));
    let author = town.author();
    let is_over =
        |content: &Content| author.ok(&posts::CHECK, &[], content).iter().any(|finding| finding.rule == Rule::Length);
    let text = |text: String| notice_on(&town, &made, &text);
    // An emoji counts its four bytes, a letter one.
    let fits = ["Fin.".to_owned(), "🎉".repeat(123), "ñabc".to_owned()].concat();
    assert!(!is_over(&text(fits.clone())) && is_over(&text(format!("{fits}!"))));
    publish(&town, &text(fits));
    let links =
        |count: usize| text((0..count).map(|n| format!("https://villa.example/{n} ")).collect::<String>() + "Fin.");
    assert!(!is_over(&links(5)) && is_over(&links(6)));
    publish(&town, &links(5));
    assert_eq!(THREADS.published(&sandbox).len(), 2);
    // The network says the same to whoever has no such rule.
    sandbox.set(&json!({ "page_reader": "" }));
    let address = format!("{}/v1.0/{}/threads", sandbox.threads(), THREADS.account());
    let bearer = format!("Bearer {}", networks_sandbox::READER);
    let bare = |text: &str| {
        let headers = [("content-type", "application/json"), ("authorization", bearer.as_str())];
        let body = json!({ "media_type": "TEXT", "text": text }).to_string();
        abroad("POST", &address, &headers, body.as_bytes()).status
    };
    let ends = [("ñ", 1), ("日", 1), ("n\u{303}", 2), ("🎉", 4), ("⚠️", 6), ("🇪🇸", 8), ("👨‍👩‍👧‍👦", 25)];
    for (end, units) in ends {
        let fits = format!("{}{end}", "a".repeat(500 - units));
        let over = format!("a{fits}");
        assert_eq!((is_over(&text(fits.clone())), bare(&fits)), (false, 200), "{end}");
        assert_eq!((is_over(&text(over.clone())), bare(&over)), (true, 400), "{end}");
    }
    let all = |count: usize| links(count).texts.into_values().next().unwrap();
    assert_eq!((bare(&all(5)), bare(&all(6))), (200, 400));
}

#[test]
fn a_token_is_renewed_ahead_of_its_end_once_and_by_itself() {
    let (town, sandbox, made) = THREADS.connected(Town::alone("Villa de los Sesenta Días"));
    let ends = |days: i64| {
        // Whoever was signed in is not any more, weeks later.
        let expires = channel(&town.administrator(), made.id.as_str()).health.expires.unwrap();
        (seconds(expires) - seconds(town.now()) - days * 86_400).abs() < 120
    };
    assert!(ends(60));
    let renewals = || sandbox.requests("GET /refresh_access_token").len();
    town.ahead(Millis::days(39));
    publish(&town, &notice_on(&town, &made, "Aún vale."));
    assert_eq!(renewals(), 0);
    // Nobody publishes: the clock of a new day renews it.
    town.ahead(Millis::days(41));
    eventually("the renewal", || {
        town.tick();
        (renewals() == 1).then_some(())
    });
    eventually("the new end", || ends(60).then_some(()));
    // Two posts at once find the next one old: one renews it, and both go out.
    town.ahead(Millis::days(41 + 41));
    let posts: Vec<PostView> =
        ["Una.", "Otra."].iter().map(|text| release(&town, &notice_on(&town, &made, text))).collect();
    let author = town.author();
    posts.iter().for_each(|post| drop(author.wait_for(&post.post.id, PublicationState::Out)));
    assert_eq!(renewals(), 2, "the sandbox forgets a token that was renewed: a second one would have failed");

    // What cannot be renewed serves as long as it lasts.
    town.ahead(Millis::days(41 + 41 + 41));
    sandbox.arm(&json!([{ "on": "GET /refresh_access_token", "then": "status_before", "times": 50 }]));
    publish(&town, &notice_on(&town, &made, "Con la de antes."));
}

#[test]
fn each_code_leads_where_it_says() {
    each_answer_leads_where_its_code_says(
        THREADS,
        &[
            (100, None, FailureKind::ContentRefused),
            (10, None, FailureKind::Forbidden),
            (1, Some(4_279_013), FailureKind::Forbidden),
            (1, Some(2_207_051), FailureKind::Forbidden),
        ],
    );
}

#[test]
fn slow_processing() {
    slow_processing_is_waited_for_with_one_container(THREADS);
}

#[test]
fn an_expired_container() {
    what_expired_is_made_again(THREADS);
}

#[test]
fn a_carousel_whose_pictures_are_late() {
    a_carousel_goes_on_where_it_stopped(THREADS);
}

#[test]
fn lost_answers() {
    a_lost_answer_is_looked_up_and_never_sent_again(THREADS);
}

#[test]
fn a_refusal_of_what_was_done() {
    what_was_done_though_it_was_refused_is_found_by_its_container(THREADS);
}

#[test]
fn a_refusal_of_what_was_done_that_somebody_believes() {
    what_was_done_though_it_was_refused_is_never_done_twice(THREADS);
}

#[test]
fn giving_up_what_may_be_out() {
    what_may_be_out_is_looked_for_before_it_is_given_up(THREADS);
}

#[test]
fn looking_for_what_was_sent() {
    what_nobody_knows_of_is_looked_for_in_the_words_that_were_sent(THREADS);
}

#[test]
fn what_broke_after_it_was_shown() {
    what_says_that_it_broke_after_it_was_told_to_be_shown_is_looked_up(THREADS);
}

#[test]
fn what_never_arrived() {
    what_cannot_be_proven_is_asked_of_a_person(THREADS);
}

#[test]
fn a_quota_that_is_used_up() {
    a_quota_is_read_before_anything_is_made(THREADS);
}

#[test]
fn broken_pictures() {
    // In no table: whose fault it is nobody knows.
    a_picture_that_cannot_be_prepared_is_told_by_its_code(THREADS, (1_234_567, FailureKind::Nonsense), 0);
}

#[test]
fn signed_addresses_are_not_kept() {
    what_is_given_away_for_the_picture_is_not_kept(THREADS);
}

#[test]
fn takedowns_and_corrections() {
    a_takedown_is_done_and_a_correction_is_a_person_s(THREADS);
}

#[test]
fn a_revoked_access() {
    a_revoked_access_stops_the_channel(THREADS);
}

#[test]
fn the_largest_carousels() {
    as_many_pictures_as_fit_a_post_fit_an_invocation(THREADS, 20);
}
