//! What goes to Instagram and what is read of it there.

use domain::{
    Collaborators, Language, PictureType,
    policy::{Evidence, Misfit, Rule},
    record::sha256_hex,
};

use super::*;
use crate::video::{ALT, Shot, TEN_SECONDS, shot, stored, video};

#[test]
fn one_picture_and_a_carousel_are_read_back_by_meta_s_own_client() {
    let (town, sandbox, made) = INSTAGRAM.connected(Town::found("Villa de las Fotos"));
    assert!(!made.assisted && made.handle.starts_with('@'), "{made:?}");
    assert_eq!((made.network, made.health.state), (Network::Instagram, HealthState::Working));
    assert_eq!(made.health.expires, Some(Moment(4_102_444_800_000)), "when the access to data ends");
    let author = town.author();
    let mut one = notice_on(&town, &made, "Una: ñ, «comillas», 👨‍👩‍👧 & <b> #Villa @vecina.");
    one.link = Some("https://villa.example/pleno?a=1&b=2".to_owned());
    let single = pictures(&author, &mut one, 1);
    publish(&town, &one);
    let mut ten = notice_on(&town, &made, "Diez imágenes.");
    let album = pictures(&author, &mut ten, 10);
    let last = publish(&town, &ten);
    let read = sandbox.on_instagram("posts", PAGE, "");
    let said: Vec<&str> = read.iter().map(|post| post["caption"].as_str().unwrap()).collect();
    let text = "Una: ñ, «comillas», 👨‍👩‍👧 & <b> #Villa @vecina.\n\nhttps://villa.example/pleno?a=1&b=2";
    assert_eq!(said, ["Diez imágenes.", text]);
    assert_eq!((&read[0]["pictures"], &read[1]["pictures"]), (&json!(album), &json!(single)));
    api_journeys::covered::read(Network::Instagram, "pictures");
    let ActState::Done { receipt } = last_act(&last) else { panic!("{:?}", last_act(&last)) };
    assert_eq!(
        (json!(receipt.native_id), json!(receipt.address)),
        (read[0]["id"].clone(), read[0]["permalink"].clone())
    );
}

#[test]
fn meta_s_own_client_makes_each_kind_here_too() {
    let (town, sandbox, made) = INSTAGRAM.connected(Town::found("Villa de la Otra Mano"));
    publish(&town, &pictured(&town, &made, "Para que haya una imagen."));
    let address = addresses(&sandbox).remove(0);
    let done = sandbox.on_instagram("make", PAGE, &address);
    let read = sandbox.on_instagram("posts", PAGE, "");
    let said: Vec<&str> = read.iter().map(|post| post["caption"].as_str().unwrap()).collect();
    assert_eq!(said, ["Three pictures.", "One picture.", "Para que haya una imagen."]);
    assert_eq!((done.len(), read[0]["pictures"].as_array().unwrap().len()), (2, 3));
    let [post, comment, story] = &sandbox.on_instagram("more", PAGE, &address)[..] else { panic!("three") };
    let at = |act: &str| sandbox.on_instagram(act, PAGE, "");
    let (comments, invited, stories) = (at("comments"), at("invited"), at("stories"));
    assert_eq!((&comments[0]["below"], &comments[0]["id"]), (post, comment));
    assert_eq!((comments.len(), &comments[0]["words"]), (1, &json!("By the account itself.")));
    assert_eq!((&invited[0]["below"], &invited[0]["names"]), (post, &json!(["one", "two.2"])));
    assert_eq!((stories.len(), &stories[0]["id"], &stories[0]["kind"]), (1, story, &json!("STORY")));
    assert_eq!(at("posts")[0]["id"], *post, "what was taken down is gone");
    api_journeys::covered::made(Network::Instagram, "pictures, story, comment, collaborators, takedown");
}

#[test]
fn what_does_not_go_there_is_refused_by_the_rule_that_says_so() {
    let (town, sandbox, made) = INSTAGRAM.connected(Town::found("Villa de las Reglas"));
    let author = town.author();
    let blocked = |content: &Content, rule: Rule| {
        let found = author.ok(&posts::CHECK, &[], content);
        found.into_iter().find(|finding| finding.rule == rule).map(|finding| finding.evidence)
    };
    let text = notice_on(&town, &made, "Sin imagen.");
    assert!(blocked(&text, Rule::PictureCount).is_some(), "a text alone");
    let with = |bytes: &[u8], kind: PictureType| {
        let mut content = text.clone();
        let stored = match kind {
            PictureType::Jpeg => media::stored_jpeg(&author, bytes),
            _ => media::stored(&author, bytes),
        };
        content.pictures.push(media::picture(&stored, "La plaza."));
        content
    };
    let png = with(&media::png(8, 8), PictureType::Png);
    assert!(blocked(&png, Rule::PictureType).is_some());
    for (size, fits) in [((400, 500), true), ((399, 500), false), ((955, 500), true), ((956, 500), false)] {
        let content = with(&media::jpeg(size.0, size.1, 9), PictureType::Jpeg);
        assert_eq!(blocked(&content, Rule::PictureSize).is_none(), fits, "{size:?}");
        if fits {
            publish(&town, &content);
        }
    }
    let mut many = text.clone();
    pictures(&author, &mut many, 11);
    assert!(blocked(&many, Rule::PictureCount).is_some());
    let marked = |mark: &str, count: usize| {
        let mut content = pictured(&town, &made, &(0..count).map(|n| format!("{mark}Pleno{n} ")).collect::<String>());
        content.texts.values_mut().for_each(|text| text.push_str("Mañana."));
        content
    };
    for (mark, most) in [("#", 30), ("@", 20)] {
        assert_eq!(blocked(&marked(mark, most), Rule::Length), None);
        publish(&town, &marked(mark, most));
        assert!(blocked(&marked(mark, most + 1), Rule::Length).is_some());
    }
    let long = |count: usize| pictured(&town, &made, &["Fin.", &"a".repeat(count - 4)].concat());
    assert_eq!(blocked(&long(2_200), Rule::Length), None);
    publish(&town, &long(2_200));
    assert!(blocked(&long(2_201), Rule::Length).is_some());
    for end in ["日", "n\u{303}", "🎉", "👨‍👩‍👧‍👦"] {
        let fits = format!("{}{end}", "a".repeat(2_200 - end.encode_utf16().count()));
        assert_eq!(blocked(&pictured(&town, &made, &fits), Rule::Length), None, "{end}");
        assert!(blocked(&pictured(&town, &made, &format!("a{fits}")), Rule::Length).is_some(), "{end}");
    }
    assert_eq!(INSTAGRAM.published(&sandbox).len(), 5);
}

#[test]
fn what_the_desk_blocks_the_network_refuses_too() {
    let sandbox = Sandbox::start();
    sandbox.set(&json!({ "page_reader": PAGE }));
    let account = networks_sandbox::account_of(&networks_sandbox::page_id(PAGE));
    let proof = networks_sandbox::proof(networks_sandbox::READER);
    let made = |caption: &str| {
        let body = json!({ "caption": caption, "image_url": "http://127.0.0.1:9/a.jpg", "appsecret_proof": proof });
        let (status, said) = sandbox.bare(&format!("POST /v25.0/{account}/media"), &[], &body);
        (status, serde_json::from_str::<Value>(&said).unwrap()["error"]["code"].as_i64())
    };
    let marked = |mark: &str, count: usize| (0..count).map(|place| format!("{mark}a{place} ")).collect::<String>();
    // As UTF-16 has them: how Instagram counts is not said, and this is the strictest.
    let of = |end: &str, more: usize| format!("{}{end}", "a".repeat(2_200 - end.encode_utf16().count() + more));
    let mut edges = vec![(marked("#", 30), marked("#", 31)), (marked("@", 20), marked("@", 21))];
    edges.extend(["ñ", "日", "n\u{303}", "🎉", "👨‍👩‍👧‍👦"].map(|end| (of(end, 0), of(end, 1))));
    for (fits, over) in edges {
        assert_eq!(made(&fits), (400, Some(9_004)), "only its picture is not there: {fits}");
        assert_eq!(made(&over), (400, Some(100)), "Meta's number, not one of ours: {over}");
    }
}

#[test]
fn each_code_leads_where_it_says() {
    each_answer_leads_where_its_code_says(
        INSTAGRAM,
        &[
            (100, None, FailureKind::ContentRefused),
            (36_003, Some(2_207_009), FailureKind::ContentRefused),
            (-1, Some(2_207_001), FailureKind::ContentRefused),
            (4, Some(2_207_051), FailureKind::Forbidden),
            (25, Some(2_207_050), FailureKind::Forbidden),
            (10, None, FailureKind::Forbidden),
        ],
    );
}

#[test]
fn a_kind_that_the_interface_cannot_take_down_goes_to_a_person() {
    let (town, sandbox, made) = INSTAGRAM.connected(Town::found("Villa de lo que se Queda"));
    let (author, mayor) = (town.author(), town.mayor());
    let out = publish(&town, &pictured(&town, &made, "Se queda."));
    let path = format!("DELETE /v25.0/{}", native_id(&out));
    sandbox.arm(&json!([{ "on": path, "then": "refuse", "code": -1, "subcode": 2_207_073 }]));
    mayor.ok(&posts::TAKE_DOWN, &[id(&out)], &because(&out, "Se suspende."));
    eventually("the kit to take it down", || {
        matches!(last_act(&author.read(&out.post.id)), ActState::InHand { .. }).then_some(())
    });
}

#[test]
fn slow_processing() {
    slow_processing_is_waited_for_with_one_container(INSTAGRAM);
}

#[test]
fn an_expired_container() {
    what_expired_is_made_again(INSTAGRAM);
}

#[test]
fn a_carousel_whose_pictures_are_late() {
    a_carousel_goes_on_where_it_stopped(INSTAGRAM);
}

#[test]
fn lost_answers() {
    a_lost_answer_is_looked_up_and_never_sent_again(INSTAGRAM);
}

#[test]
fn a_refusal_of_what_was_done() {
    what_was_done_though_it_was_refused_is_found_by_its_container(INSTAGRAM);
}

#[test]
fn a_refusal_of_what_was_done_that_somebody_believes() {
    what_was_done_though_it_was_refused_is_never_done_twice(INSTAGRAM);
}

#[test]
fn giving_up_what_may_be_out() {
    what_may_be_out_is_looked_for_before_it_is_given_up(INSTAGRAM);
}

#[test]
fn looking_for_what_was_sent() {
    what_nobody_knows_of_is_looked_for_in_the_words_that_were_sent(INSTAGRAM);
}

#[test]
fn what_broke_after_it_was_shown() {
    what_says_that_it_broke_after_it_was_told_to_be_shown_is_looked_up(INSTAGRAM);
}

#[test]
fn what_never_arrived() {
    what_cannot_be_proven_is_asked_of_a_person(INSTAGRAM);
}

#[test]
fn a_quota_that_is_used_up() {
    a_quota_is_read_before_anything_is_made(INSTAGRAM);
}

#[test]
fn broken_pictures() {
    a_picture_that_cannot_be_prepared_is_told_by_its_code(
        INSTAGRAM,
        (2_207_009, FailureKind::ContentRefused),
        2_207_003,
    );
}

#[test]
fn signed_addresses_are_not_kept() {
    what_is_given_away_for_the_picture_is_not_kept(INSTAGRAM);
}

#[test]
fn takedowns_and_corrections() {
    a_takedown_is_done_and_a_correction_is_a_person_s(INSTAGRAM);
}

#[test]
fn a_revoked_access() {
    a_revoked_access_stops_the_channel(INSTAGRAM);
}

#[test]
fn an_account_that_became_personal_is_told_of_on_its_channel_until_it_is_professional_again() {
    let (town, sandbox, made) = INSTAGRAM.connected(Town::found("Villa que se Hizo Personal"));
    let (administrator, author) = (town.administrator(), town.author());
    let health = || channel(&administrator, made.id.as_str()).health;
    // In the words that others have seen, and as what is not there any more.
    for (code, said) in [(10, "The user is not an Instagram Business"), (100, "#100/33")] {
        sandbox.set(&json!({ "personal": code }));
        let post = release(&town, &pictured(&town, &made, &format!("¿Sale la {code}?")));
        let failed = author.wait_for(&post.post.id, PublicationState::Failed);
        let ActState::Failed { failure } = last_act(&failed) else { panic!("{:?}", last_act(&failed)) };
        assert_eq!(failure.kind, FailureKind::AccessRefused, "{code}: not the text's fault");
        assert!(failure.message.contains(said), "{}", failure.message);
        assert_eq!(health().state, HealthState::Refused, "{code}: the next one would not go out either");
        assert!(health().last_error.unwrap().contains(said));
        // Connected again as it is, it is no account that one could connect.
        let refused = agree_at_network(&administrator, &INSTAGRAM.app()).unwrap_err();
        assert_eq!(refused, "/desk/channels?refused=no_accounts");

        sandbox.set(&json!({ "personal": 0 }));
        let again = agree_at_network(&administrator, &INSTAGRAM.app()).unwrap();
        assert_eq!((&again.id, again.health.state), (&made.id, HealthState::Working));
        author.retry(&failed.publications[0], "Es profesional otra vez.").unwrap();
        author.wait_for(&post.post.id, PublicationState::Out);
    }
    assert_eq!(INSTAGRAM.published(&sandbox).len(), 2);
}

#[test]
fn the_largest_carousels() {
    as_many_pictures_as_fit_a_post_fit_an_invocation(INSTAGRAM, 10);
}

/// What the account itself wrote below its last post.
fn own(sandbox: &Sandbox) -> Vec<Value> {
    let last = INSTAGRAM.published(sandbox).pop().unwrap_or_default();
    let all = last["comments"].as_array().cloned().unwrap_or_default();
    all.into_iter().filter(|one| one["own"] == true).collect()
}

#[test]
fn a_first_comment_is_written_once_even_if_its_answer_is_lost() {
    let (town, sandbox, made) = INSTAGRAM.connected(Town::alone("Villa que se Comenta"));
    town.arm("impatient=1");
    let author = town.author();
    let comment = "#Agua #Villa Más en la web.";
    let with = |text: &str| {
        let mut content = pictured(&town, &made, text);
        content.comments.insert(Language::spanish(), comment.to_owned());
        content
    };
    let is_done = |post: &PostView, is: fn(&ActState) -> bool| {
        eventually("the comment", || {
            let view = author.read(&post.post.id);
            assert_ne!(view.publications[0].state, PublicationState::Failed);
            is(last_act(&view)).then_some(())
        });
    };
    let done = |state: &ActState| matches!(state, ActState::Done { .. });
    let out = publish(&town, &with("Con su comentario."));
    is_done(&out, done);
    let read = sandbox.on_instagram("comments", PAGE, "");
    let [one] = &read[..] else { panic!("{read:?}") };
    assert_eq!((&one["words"], one["by"].as_str()), (&json!(comment), Some(made.handle.trim_start_matches('@'))));
    api_journeys::covered::read(Network::Instagram, "comment");
    for (place, then) in ["drop_after", "status_after", "malformed"].into_iter().enumerate() {
        town.ahead(Millis(0));
        sandbox.arm(&json!([{ "on": "POST /v25.0/*/comments", "then": then, "status": 502 }]));
        let post = release(&town, &with(&format!("Número {place}.")));
        is_done(&post, |state| matches!(state, ActState::Unknown { .. }));
        sandbox.set(&json!({ "neighbour": comment }));
        look_twice(&town);
        is_done(&post, done);
        let calls = sandbox.requests("POST /v25.0/18");
        assert_eq!((own(&sandbox).len(), calls.len()), (1, place + 2), "{then}: once, and only once");
    }
}

#[test]
fn whoever_is_invited_to_share_a_post_is_agreed_to_and_arrives() {
    let (town, sandbox, made) = INSTAGRAM.connected(Town::found("Villa que Invita"));
    let author = town.author();
    let invited = |content: &mut Content, names: &str| content.targets[0].collaborators = Collaborators::typed(names);
    let mut one = pictured(&town, &made, "Entre dos pueblos.");
    invited(&mut one, "@villa.vecina");
    publish(&town, &one);
    let mut album = notice_on(&town, &made, "Entre cuatro.");
    pictures(&author, &mut album, 2);
    invited(&mut album, "una, otra_2 y.tercera");
    let approved = town.mayor().approve(&author.submit(&author.write(&album)));
    author.release(&approved);
    author.wait_for(&approved.post.id, PublicationState::Out);
    let mut film = notice_on(&town, &made, "Un vídeo entre dos.");
    film.video = Some(video(&stored(&author, &shot(TEN_SECONDS, 9_000, 63, &[])), ALT));
    invited(&mut film, "una");
    publish(&town, &film);
    publish(&town, &pictured(&town, &made, "A solas."));
    let arrived: Vec<Value> = INSTAGRAM.published(&sandbox).iter().map(|post| post["invited"].clone()).collect();
    assert_eq!(arrived, [json!(["villa.vecina"]), json!(["una", "otra_2", "y.tercera"]), json!(["una"]), json!([])]);
    let read = sandbox.on_instagram("invited", PAGE, "");
    assert_eq!(read[2]["names"], json!(["una", "otra_2", "y.tercera"]), "newest first");
    api_journeys::covered::read(Network::Instagram, "collaborators");
    // A fourth is one too many, and a name that none can be is none.
    for names in ["a b c d", "villa vecina!", "una una", "@una"] {
        let mut odd = serde_json::to_value(&one).unwrap();
        odd["targets"][0]["collaborators"] = json!(names);
        let body = json!({ "version": 0, "content": odd }).to_string();
        let path = format!("/api/posts/{}", api_journeys::new_post());
        assert_eq!(author.raw(wire::Method::Put, &path, body.as_bytes()).status, 422, "{names}");
    }
    // What was agreed to is this list: another one is another content.
    let mut other = one.clone();
    invited(&mut other, "villa.lejana");
    assert_ne!(one.hash(), other.hash());
}

#[test]
fn a_story_is_published_without_a_word_and_taken_down() {
    let (town, sandbox, made) = INSTAGRAM.connected(Town::alone("Villa de la Historia Breve"));
    let (author, mayor) = (town.author(), town.mayor());
    let mut content = notice_on(&town, &made, &"Esto no se ve. ".repeat(200));
    content.targets[0].story = true;
    // A shape that no feed takes.
    let bytes = media::jpeg(180, 320, 7);
    content.pictures.push(media::picture(&media::stored_jpeg(&author, &bytes), "La plaza."));
    let found = |content: &Content, rule: Rule| -> Vec<Evidence> {
        let all = author.ok(&posts::CHECK, &[], content);
        all.into_iter().filter(|one| one.rule == rule).map(|one| one.evidence).collect()
    };
    assert_eq!(found(&content, Rule::Story), [Evidence::Unkept], "9:16 fills the screen");
    assert_eq!((found(&content, Rule::PictureSize), found(&content, Rule::Length)), (vec![], vec![]));
    let out = publish(&town, &content);
    assert_eq!(INSTAGRAM.tried(&sandbox), 1);
    let there = INSTAGRAM.published(&sandbox);
    assert_eq!((there.len(), &there[0]["story"], &there[0]["caption"]), (1, &json!(true), &json!("")));
    let read = sandbox.on_instagram("stories", PAGE, "");
    assert_eq!((&read[0]["kind"], &read[0]["sha256"]), (&json!("STORY"), &json!(sha256_hex(&bytes))));
    api_journeys::covered::read(Network::Instagram, "story");
    assert_eq!(json!(native_id(&out)), read[0]["id"]);
    assert_eq!(sandbox.on_instagram("posts", PAGE, ""), Vec::<Value>::new(), "no post");

    let mut film = content.clone();
    film.pictures.clear();
    let of = |millis: u32| shot(Shot { millis, pictures: millis / 40, ..TEN_SECONDS }, 9_000, 64, &[]);
    film.video = Some(video(&stored(&author, &of(600_000)), ALT));
    let misfit = Misfit::Longer { limit: 60, seconds: 600 };
    assert_eq!(found(&film, Rule::Video), [Evidence::Video { misfit }], "ten minutes");
    film.video = Some(video(&stored(&author, &of(60_000)), ALT));
    assert_eq!(found(&film, Rule::Video), []);
    let post = release(&town, &film);
    let mut minutes = 0;
    eventually("the video to be out", || {
        minutes += 1;
        town.ahead(Millis::minutes(minutes));
        town.tick();
        town.settle();
        (author.read(&post.post.id).publications[0].state == PublicationState::Out).then_some(())
    });
    assert_eq!(INSTAGRAM.published(&sandbox).len(), 2);
    mayor.ok(&posts::TAKE_DOWN, &[id(&out)], &because(&out, "No era."));
    author.wait_for(&out.post.id, PublicationState::TakenDown);
    assert_eq!(INSTAGRAM.published(&sandbox).len(), 1);

    // What has no words cannot be told from somebody else's of the same minute: where the answer is lost, a person is asked.
    town.arm("impatient=1");
    sandbox.arm(&json!([{ "on": INSTAGRAM.visible(), "then": "drop_after" }]));
    let lost = release(&town, &content);
    author.wait_for(&lost.post.id, PublicationState::Unknown);
    look_twice(&town);
    author.wait_for(&lost.post.id, PublicationState::Unknown);
    assert_eq!((INSTAGRAM.tried(&sandbox), INSTAGRAM.published(&sandbox).len()), (3, 2), "once, and only once");
}
