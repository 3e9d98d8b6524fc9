//! The calendar out of the house: a member's own address for their calendar program, and links for somebody without an
//! account. What they show, whom they show it to, and that they stop.

use api_journeys::{Member, Raw, Town, because, calendar::Calendar, eventually, id, new_post, send};
use domain::{
    Access, Act, ChannelId, Millis, Moment, Network, Refusal, Role, Target, mark::MarkKind, may, record::Subject,
};
use serde_json::json;
use wire::{
    Nothing,
    calendar::{KEEP_MARK, KeepMark},
    people,
    posts::{self, PostView},
    sharing::{FEED, MAKE_SHARE, Made, MakeShare, RENEW_FEED, REVOKE_FEED, REVOKE_SHARE, SHARES},
};

/// A form of a link.
pub fn link(name: &str, days: u16) -> MakeShare {
    MakeShare { name: name.to_owned(), days, channel: None, campaign: None }
}

fn get(path: &str, headers: &[(&str, &str)]) -> Raw {
    send("GET", path, headers, b"")
}

fn page(made: &Made) -> Raw {
    get(&made.address.path, &[("accept-language", "es")])
}

fn address(of: &Member) -> String {
    of.ok(&RENEW_FEED, &[], &Nothing {}).path
}

fn read(path: &str) -> Calendar {
    let raw = get(path, &[]);
    assert_eq!(raw.status, 200, "{}", raw.text());
    assert_eq!(raw.header("content-type"), "text/calendar; charset=utf-8");
    assert_eq!(raw.header("cache-control"), "private, no-cache");
    assert!(raw.header("x-robots-tag").contains("noindex"));
    Calendar::read(&raw.body)
}

fn uid(post: &PostView) -> String {
    format!("post-{}@pregon", post.post.id)
}

fn planned(town: &Town, author: &Member, title: &str, span: Millis) -> PostView {
    let mut content = town.notice("El texto no sale de la casa.");
    content.titles.insert(domain::Language::spanish(), title.to_owned());
    let draft = author.write(&content);
    author.place(&draft, author.wall(town.now(), span))
}

fn note(by: &Member, kind: MarkKind, text: &str, day: chrono::NaiveDate) {
    let form = KeepMark { version: 0, kind, text: text.to_owned(), first: day, last: day };
    by.ok(&KEEP_MARK, &[new_post().as_str()], &form);
}

#[test]
fn a_member_s_calendar_program_reads_what_they_see_and_what_changes_of_it() {
    let town = Town::found("Villa del Almanaque");
    let (author, mayor) = (town.author(), town.mayor());
    assert_eq!(author.ok(&FEED, &[], &Nothing {}).made, None);
    let path = address(&author);
    assert!(author.ok(&FEED, &[], &Nothing {}).made.is_some());
    // A title that wants everything of the standard: commas, semicolons, backslashes, and letters of several octets where
    // lines are folded.
    let title = "Corte de agua; calles Mayor, Ñuñoa y «Olé» \\ 🎺 hasta que la brigada acabe, como muy tarde el lunes";
    let post = planned(&town, &author, title, Millis::days(3));
    let plain = planned(&town, &author, "Mercado", Millis::days(4));
    let today = author.wall(town.now(), Millis(0)).date();
    note(&author, MarkKind::Session, "Pleno, ordinario", today);
    note(&author, MarkKind::Note, "Preguntar a Obras", today);

    let calendar = read(&path);
    let event = calendar.event(&uid(&post)).unwrap();
    assert_eq!(event.summary, title);
    assert_eq!((event.status.as_deref(), event.sequence), (Some("TENTATIVE"), Some(post.post.version)));
    assert_eq!(event.start, json!(post.post.slot().unwrap().at.0 as f64));
    assert!(event.url.as_deref().unwrap().ends_with(&format!("/desk/posts/{}", post.post.id)));
    assert!(event.description.as_deref().unwrap().contains('\n'));
    let days: Vec<_> = calendar.events.iter().filter(|event| event.uid.starts_with("mark-")).collect();
    assert_eq!(days.len(), 2, "notes too: it is a colleague who reads");
    assert!(days.iter().all(|event| event.start == json!(today.to_string())));
    assert!(days.iter().all(|event| event.end == json!((today + chrono::Days::new(1)).to_string())));
    let whole = get(&path, &[]).text();
    assert!(!whole.contains("no sale de la casa"), "the text stays inside");

    // Agreed, moved and called off: the same event each time, and later than before.
    let agreed = mayor.approve(&author.submit(&author.read(&post.post.id)));
    let moved = author.place(&agreed, author.wall(town.now(), Millis::days(5)));
    let event = read(&path).event(&uid(&post)).cloned().unwrap();
    assert_eq!((event.status.as_deref(), event.sequence), (Some("CONFIRMED"), Some(moved.post.version)));
    assert_eq!(event.start, json!(moved.post.slot().unwrap().at.0 as f64));
    author.ok(&posts::CANCEL, &[id(&plain)], &because(&plain, "No hay mercado."));
    let event = read(&path).event(&uid(&plain)).cloned().unwrap();
    assert_eq!(event.status.as_deref(), Some("CANCELLED"));
    assert_eq!(event.start, json!(plain.post.slot().unwrap().at.0 as f64), "at the hour that it had");
}

#[test]
fn a_calendar_that_has_not_changed_is_not_sent_again() {
    let town = Town::found("Villa de la Espera");
    let author = town.author();
    let path = address(&author);
    planned(&town, &author, "Mercado", Millis::days(3));
    let first = get(&path, &[]);
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with("W/\""), "{tag}");
    let again = get(&path, &[("if-none-match", &tag)]);
    assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, tag.as_str()));
    let spent = again.spent().unwrap();
    assert!(spent.queries == 1 && spent.rows <= 12, "{spent:?}");
    planned(&town, &author, "Pleno", Millis::days(4));
    assert_eq!(get(&path, &[("if-none-match", &tag)]).status, 200);
    // What another town does changes nothing here.
    let tag = get(&path, &[]).header("etag").to_owned();
    let other = Town::found("Villa de Enfrente");
    planned(&other, &other.author(), "Otra cosa", Millis::days(3));
    assert_eq!(get(&path, &[("if-none-match", &tag)]).status, 304);
}

#[test]
fn an_address_shows_nothing_once_it_is_taken_back_renewed_or_nobody_s() {
    let town = Town::found("Villa de las Llaves");
    let author = town.author();
    let first = address(&author);
    assert_eq!(get(&first, &[]).status, 200);
    let second = address(&author);
    assert_eq!((get(&first, &[]).status, get(&second, &[]).status), (404, 200), "one at a time");
    author.ok(&REVOKE_FEED, &[], &Nothing {});
    author.ok(&REVOKE_FEED, &[], &Nothing {});
    assert_eq!(get(&second, &[]).status, 404);
    for path in ["/calendar/nonsense/posts.ics", "/calendar/nonsense", "/calendar//posts.ics"] {
        assert_eq!(get(path, &[]).status, 404, "{path}");
    }
    // Whoever leaves takes nothing along.
    let (_, leaving) = crate::circuits::joined(&town, Role::Observer, "La becaria");
    let theirs = address(&leaving);
    assert_eq!(get(&theirs, &[]).status, 200);
    town.administrator().ok(&people::REMOVE_MEMBER, &[leaving.me.member.as_str()], &Nothing {});
    assert_eq!(get(&theirs, &[]).status, 404);
    let kept = crate::record::whole_chain(&town.member(Role::Records), &town);
    let of = |what: &str| {
        let named = |body: &Option<String>| body.as_deref().is_some_and(|body| body.contains(what));
        kept.iter().filter(|entry| entry.subject == Subject::Access && named(&entry.body)).count()
    };
    assert_eq!((of("feed_renewed"), of("feed_revoked")), (3, 1));
    let secret = second.split('/').nth(2).unwrap();
    assert!(kept.iter().all(|entry| !entry.body.as_deref().unwrap_or_default().contains(secret)));
}

#[test]
fn an_agency_s_calendar_shows_its_channels_until_its_contract_is_over() {
    let town = Town::alone("Villa de la Agencia");
    let (author, now) = (town.author(), town.now());
    crate::windows::contract(&town, now.minus(Millis::days(1)), now.plus(Millis::hours(2)));
    let agency = town.member(Role::Agency);
    assert!(matches!(agency.me.access, Access::Limited { .. }));
    let path = address(&agency);
    let ours = planned(&town, &author, "Fiestas", Millis::days(3));
    let elsewhere = town.administrator().connect_by_hand(Network::Facebook, None).id;
    let mut content = town.notice("Solo para la casa.");
    content.targets = vec![Target::new(elsewhere, vec![domain::Language::spanish()])];
    let theirs = author.place(&author.write(&content), author.wall(now, Millis::days(3)));
    let calendar = read(&path);
    assert!(calendar.event(&uid(&ours)).is_some() && calendar.event(&uid(&theirs)).is_none());
    town.ahead(Millis::hours(3));
    assert_eq!(get(&path, &[]).status, 404, "the contract is over");
    assert_eq!(get(&path, &[("if-none-match", "*")]).status, 404, "also for who has it already");
}

#[test]
fn a_link_shows_the_weeks_to_whoever_has_it_and_nothing_that_is_not_for_them() {
    let town = Town::found("Villa del Enlace");
    let author = town.author();
    planned(&town, &author, "Corte de agua <b>& luz</b>", Millis::days(2));
    let today = author.wall(town.now(), Millis(0)).date();
    note(&author, MarkKind::Session, "Pleno ordinario", today);
    note(&author, MarkKind::Note, "Preguntar a Obras", today);
    let made = author.ok(&MAKE_SHARE, &[], &link(" Gabinete  de alcaldía ", 30));
    let shown = page(&made);
    let text = shown.text();
    assert_eq!(shown.status, 200, "{text}");
    assert!(text.contains("Corte de agua &lt;b&gt;&amp; luz&lt;/b&gt;") && text.contains("Gabinete de alcaldía"));
    assert!(text.contains("Pleno ordinario") && !text.contains("Preguntar a Obras"), "notes stay among colleagues");
    assert!(!text.contains("no sale de la casa"), "no text of a post");
    assert!(!text.contains("<script") && text.contains("noindex,nofollow"));
    let policy = shown.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!(shown.header("cache-control"), "no-store");
    assert!(shown.header("x-robots-tag").contains("noindex"));
    assert!(text.contains("<html lang=\"es\""));
    assert!(get(&made.address.path, &[("accept-language", "en")]).text().contains("<html lang=\"en\""));
    // A week further on it is still there, and further than a year there is only now.
    assert!(get(&format!("{}?week=2020-W01&lang=es", made.address.path), &[]).text().contains("Corte de agua"));

    // Who opened it is not known; how often, by day.
    let opened = eventually("the openings", || {
        let shares = author.ok(&SHARES, &[], &Nothing {});
        let [one] = &shares[..] else { panic!("{shares:?}") };
        one.opened.first().copied().filter(|opened| opened.times >= 3)
    });
    assert_eq!(opened.day, today);
}

#[test]
fn a_link_shows_one_channel_or_one_campaign_where_it_is_made_for_that() {
    let town = Town::found("Villa de las Partes");
    let (author, administrator) = (town.author(), town.administrator());
    let (campaign, _) = crate::campaigns::campaign(&administrator, "Recicla bien");
    let facebook = administrator.connect_by_hand(Network::Facebook, None).id;
    let to = |title: &str, channel: &ChannelId| {
        let mut content = town.notice("Texto.");
        content.titles.insert(domain::Language::spanish(), title.to_owned());
        content.targets = vec![Target::new(channel.clone(), vec![domain::Language::spanish()])];
        author.write(&content)
    };
    let place = |post: &PostView| author.place(post, author.wall(town.now(), Millis::days(2)));
    place(&to("En el tablón", &town.founded.noticeboard));
    place(&to("En Facebook", &facebook));
    let draft = to("De la campaña", &town.founded.noticeboard);
    let belongs = domain::Belonging { campaign: Some(campaign.clone()), ..Default::default() };
    let belong = wire::campaigns::Belong { version: draft.post.version, belongs };
    place(&author.ok(&wire::campaigns::BELONG, &[id(&draft)], &belong));
    let shown = |form: &MakeShare| page(&author.ok(&MAKE_SHARE, &[], form)).text();
    let all = ["En el tablón", "En Facebook", "De la campaña"];
    let seen = |text: &str| all.map(|title| text.contains(title));
    assert_eq!(seen(&shown(&link("Todo", 1))), [true; 3]);
    assert_eq!(seen(&shown(&MakeShare { channel: Some(facebook), ..link("Red", 1) })), [false, true, false]);
    assert_eq!(seen(&shown(&MakeShare { campaign: Some(campaign), ..link("Campaña", 1) })), [false, false, true]);
    // What is of another town is not here.
    let other = Town::found("Villa Ajena");
    let channel = Some(other.founded.noticeboard.clone());
    assert_eq!(author.no(&MAKE_SHARE, &[], &MakeShare { channel, ..link("Ajeno", 1) }), Refusal::NotFound);
}

#[test]
fn a_link_is_over_when_its_days_are_it_is_taken_back_or_its_maker_may_not_any_more() {
    let town = Town::alone("Villa de los Plazos");
    let author = town.author();
    for role in Role::ALL {
        let made = town.member(role).ask(&MAKE_SHARE, &[], &link("Prueba", 1)).map_err(Refusal::from);
        assert_eq!(made.is_ok(), may(role, Act::Share), "{role:?}");
    }
    assert!(matches!(author.no(&MAKE_SHARE, &[], &link("Mucho", 91)), Refusal::TooLarge { limit: 90, .. }));
    assert!(matches!(author.no(&MAKE_SHARE, &[], &link("Nada", 0)), Refusal::Malformed { .. }));
    assert!(matches!(author.no(&MAKE_SHARE, &[], &link(" ", 1)), Refusal::Malformed { .. }));

    let (short, long) =
        (author.ok(&MAKE_SHARE, &[], &link("Corto", 1)), author.ok(&MAKE_SHARE, &[], &link("Largo", 30)));
    let (_, leaving) = crate::circuits::joined(&town, Role::Author, "La redactora");
    let theirs = leaving.ok(&MAKE_SHARE, &[], &link("De la redactora", 30));
    let statuses = || [&short, &long, &theirs].map(|made| page(made).status);
    assert_eq!(statuses(), [200, 200, 200]);
    town.ahead(Millis::hours(25));
    assert_eq!(statuses(), [404, 200, 200]);
    // Sessions end meanwhile.
    let administrator = town.administrator();
    administrator.ok(&people::REMOVE_MEMBER, &[leaving.me.member.as_str()], &Nothing {});
    assert_eq!(statuses(), [404, 200, 404]);
    administrator.ok(&REVOKE_SHARE, &[long.id.as_str()], &Nothing {});
    administrator.ok(&REVOKE_SHARE, &[long.id.as_str()], &Nothing {});
    assert_eq!(statuses(), [404, 404, 404]);
    let other = town.neighbour("Villa Vecina");
    assert_eq!(other.administrator().no(&REVOKE_SHARE, &[theirs.id.as_str()], &Nothing {}), Refusal::NotFound);
    let kept = crate::record::whole_chain(&town.member(Role::Records), &town);
    let of = |what: &str| {
        let named = |body: &Option<String>| body.as_deref().is_some_and(|body| body.contains(what));
        kept.iter().filter(|entry| entry.subject == Subject::Outside && named(&entry.body)).count()
    };
    assert_eq!(of("calendar_share_revoked"), 1, "taken back once, told once");
    let now: Moment = town.now();
    let mut open = administrator.ok(&SHARES, &[], &Nothing {}).into_iter().filter(|one| one.share.is_open(now));
    assert!(open.next().is_none(), "whoever left leaves no link behind");
}
