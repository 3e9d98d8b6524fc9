//! What goes to Instagram and what is read of it there.

use domain::{PictureType, policy::Rule};

use super::*;

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
    assert_eq!(INSTAGRAM.published(&sandbox).len(), 5);
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
fn what_never_arrived() {
    what_cannot_be_proven_is_asked_of_a_person(INSTAGRAM);
}

#[test]
fn a_quota_that_is_used_up() {
    a_quota_is_read_before_anything_is_made(INSTAGRAM);
}

#[test]
fn broken_pictures() {
    a_picture_that_cannot_be_prepared_is_told_by_its_code(INSTAGRAM, 2_207_009, 2_207_003);
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
fn the_largest_carousels() {
    as_many_pictures_as_fit_a_post_fit_an_invocation(INSTAGRAM, 10);
}
