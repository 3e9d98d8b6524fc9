//! Instagram by its own login, without a page: what differs from the other way in.

use domain::Language;

use super::*;

#[test]
fn it_publishes_and_comments_by_itself_and_a_person_takes_down() {
    let (town, sandbox, made) = ITSELF.connected(Town::alone("Villa sin Página"));
    assert_eq!((made.network, made.assisted), (Network::Instagram, false));
    let (author, mayor) = (town.author(), town.mayor());
    let mut content = notice_on(&town, &made, "Dos fotos del mercado.");
    let there = pictures(&author, &mut content, 2);
    content.comments.insert(Language::spanish(), "Abre a las nueve.".to_owned());
    let out = publish(&town, &content);
    let published = ITSELF.published(&sandbox);
    assert_eq!((published.len(), &published[0]["pictures"]), (1, &json!(there)));
    let read = eventually("the comment", || {
        let read = sandbox.on_instagram("comments", PAGE, "");
        (read.len() == 1).then_some(read)
    });
    assert_eq!(read[0]["words"], "Abre a las nueve.");
    // Its own login has no call for it.
    let asked = mayor.ok(&posts::TAKE_DOWN, &[id(&out)], &because(&out, "Se suspende."));
    eventually("the kit", || {
        let view = author.read(&asked.post.id);
        let last = view.publications[0].acts.iter().rfind(|act| act.deed == Deed::Delete)?;
        matches!(last.state, ActState::InHand { .. }).then_some(())
    });
    assert_eq!(sandbox.requests("DELETE ").len(), 0);
    assert_eq!(ITSELF.published(&sandbox).len(), 1);
}

#[test]
fn a_lost_answer_is_looked_up_and_never_repeated() {
    let (town, sandbox, made) = ITSELF.connected(Town::alone("Villa del Eco"));
    let author = town.author();
    town.arm("impatient=1");
    sandbox.arm(&json!([{ "on": ITSELF.visible(), "then": "drop_after" }]));
    let post = release(&town, &pictured(&town, &made, "Una vez."));
    eventually("nobody to know", || matches!(first_act(&author, &post).state, ActState::Unknown { .. }).then_some(()));
    look_twice(&town);
    author.wait_for(&post.post.id, PublicationState::Out);
    assert_eq!((ITSELF.tried(&sandbox), ITSELF.published(&sandbox).len()), (1, 1));
}

#[test]
fn its_token_is_renewed_ahead_by_the_clock_and_a_declined_permission_is_told() {
    let (town, sandbox, made) = ITSELF.connected(Town::alone("Villa que Renueva"));
    let renewals = || sandbox.requests("GET /refresh_access_token").len();
    town.ahead(Millis::days(39));
    publish(&town, &pictured(&town, &made, "Aún vale."));
    assert_eq!(renewals(), 0);
    town.ahead(Millis::days(41));
    eventually("the renewal", || {
        town.tick();
        (renewals() == 1).then_some(())
    });
    publish(&town, &pictured(&town, &made, "Con la nueva."));
    assert_eq!(renewals(), 1, "the sandbox forgets a token that was renewed");
    let administrator = town.administrator();
    // The answer with a token comes in both of its shapes.
    for (listed, declined, said) in [
        (false, "instagram_business_content_publish", "missing_permissions"),
        (true, "instagram_business_basic", "missing_permissions"),
    ] {
        sandbox.set(&json!({ "declined": [declined], "listed": listed }));
        let refused = agree_at_network(&administrator, &ITSELF.app()).unwrap_err();
        assert_eq!(refused, format!("/desk/channels?refused={said}"));
    }
    sandbox.set(&json!({ "declined": ["instagram_business_manage_comments"], "listed": false }));
    let again = agree_at_network(&administrator, &ITSELF.app()).unwrap();
    assert_eq!((again.id, again.health.state), (made.id, HealthState::Working), "comments are beside it");
}
