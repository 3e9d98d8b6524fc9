//! Prepared texts: templates that are filled in, replies that somebody else agrees to, and what the house's own people
//! propose by a link.

use std::{collections::BTreeMap, fmt::Debug, str::FromStr};

use api_journeys::{Member, Raw, Town, at, eventually, here, id, new_post, send, url};
use chrono::{Days, NaiveDate};
use domain::{
    Content, Kind, Language, MemberId, Millis, Refusal, ReplyId, Role, Template, TemplateId,
    basis::Basis,
    consent::Shows,
    guidance::Line,
    policy::Rule,
    proposal::{KEPT, Proposal},
    reply::{self, Standing},
    template::{self, Blank, Takes, Value, Values},
};
use serde_json::Value as Json;
use wire::{
    Method, Nothing, posts,
    texts::{
        ADD_READY, AGREE_REPLY, AgreeReply, DISCARD, DROP_REPLY, DROP_TEMPLATE, FindProposals, FindReplies, KEEP_REPLY,
        KEEP_TEMPLATE, KeepReply, KeepTemplate, MAKE_PROPOSAL_LINK, MadeLink, MakeLink, PROPOSAL_LINKS,
        PROPOSAL_PICTURE, PROPOSALS, REPLIES, REVOKE_PROPOSAL_LINK, ReplyRow, TAKE_UP, TEMPLATES, THANK, Thank,
    },
};

use crate::{
    library::describe,
    media::{jpeg, png},
};

fn new<T: FromStr<Err: Debug>>() -> T {
    new_post().as_str().parse().unwrap()
}

fn spanish<T>(text: T) -> BTreeMap<Language, T> {
    BTreeMap::from([(Language::spanish(), text)])
}

/// A template of a member's with one blank.
pub fn works(owner: &MemberId, name: &str) -> template::Body {
    template::Body {
        name: name.to_owned(),
        kind: Kind::Service,
        titles: spanish("Obras en {calle}".to_owned()),
        texts: spanish("Mañana se corta {calle}.".to_owned()),
        blanks: vec![Blank {
            name: "calle".to_owned(),
            takes: Takes::Place,
            label: Line(spanish("Calle".to_owned())),
            hint: Line::default(),
            required: true,
        }],
        basis: String::new(),
        channels: Vec::new(),
        belongs: domain::Belonging::default(),
        first: None,
        last: None,
        owner: owner.clone(),
    }
}

/// Keeps a new one.
pub fn template(by: &Member, body: template::Body) -> Template {
    let drawn: TemplateId = new();
    by.ok(&KEEP_TEMPLATE, &[drawn.as_str()], &KeepTemplate { version: 0, body })
}

/// A reply of a member's.
pub fn answer(owner: &MemberId, situation: &str, text: &str) -> reply::Body {
    reply::Body {
        situation: situation.to_owned(),
        texts: spanish(text.to_owned()),
        dos: String::new(),
        donts: String::new(),
        source: String::new(),
        topics: Vec::new(),
        owner: owner.clone(),
        until: None,
    }
}

/// Writes a new one.
pub fn reply(by: &Member, body: reply::Body) -> ReplyRow {
    let drawn: ReplyId = new();
    by.ok(&KEEP_REPLY, &[drawn.as_str()], &KeepReply { version: 0, body })
}

/// A link to propose by.
pub fn link(by: &Member, name: &str) -> MadeLink {
    by.ok(&MAKE_PROPOSAL_LINK, &[], &MakeLink { name: name.to_owned(), days: 30 })
}

/// The page of a link.
fn page(made: &MadeLink) -> Raw {
    send("GET", &made.address.path, &[("accept-language", "es"), ("cf-connecting-ip", here())], b"")
}

/// The form, filled in and sent as a browser sends it.
fn sent(made: &MadeLink, fields: &[(&str, &str)], photo: Option<&[u8]>, more: &[(&str, &str)]) -> Raw {
    let part = |head: &str| format!("--frontera\r\nContent-Disposition: form-data; {head}\r\n\r\n");
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(part(&format!("name=\"{name}\"")).into_bytes());
        body.extend(value.as_bytes());
        body.extend(b"\r\n");
    }
    let file = if photo.is_some() { "foto.jpg" } else { "" };
    body.extend(part(&format!("name=\"photo\"; filename=\"{file}\"\r\nContent-Type: image/jpeg")).into_bytes());
    body.extend(photo.unwrap_or_default());
    body.extend(b"\r\n--frontera--\r\n");
    let mut headers = vec![
        ("accept-language", "es"),
        ("cf-connecting-ip", here()),
        ("content-type", "multipart/form-data; boundary=frontera"),
    ];
    headers.extend(more);
    send("POST", &made.address.path, &headers, &body)
}

fn csrf(made: &MadeLink) -> String {
    let page = page(made).text();
    let (_, rest) = page.split_once("name=\"csrf\" value=\"").unwrap_or_else(|| panic!("no form: {page}"));
    rest.split('"').next().unwrap().to_owned()
}

/// Proposes something by a link.
pub fn propose(made: &MadeLink, line: &str, name: &str, email: &str, photo: Option<&[u8]>) -> Raw {
    let csrf = csrf(made);
    let fields = [("csrf", csrf.as_str()), ("line", line), ("name", name), ("email", email)];
    sent(made, &fields, photo, &[("origin", url())])
}

/// What waits.
pub fn waiting(by: &Member) -> Vec<Proposal> {
    by.ok(&PROPOSALS, &[], &FindProposals::default()).items
}

/// What the record keeps of a kind.
fn kept(town: &Town, what: &str) -> Vec<Json> {
    let chain = crate::record::whole_chain(&town.member(Role::Records), town);
    let bodies = chain.iter().map(|entry| serde_json::from_str::<Json>(entry.body.as_deref().unwrap()).unwrap());
    bodies.filter(|body| body["what"] == what).collect()
}

fn today(by: &Member) -> NaiveDate {
    by.wall(by.now(), Millis(0)).date()
}

fn values(all: &[(&str, &str)]) -> Values {
    all.iter().map(|(name, value)| ((*name).to_owned(), Value::Same((*value).to_owned()))).collect()
}

fn keep(by: &Member, id: &TemplateId, version: u64, body: template::Body) -> Result<Template, Refusal> {
    by.ask(&KEEP_TEMPLATE, &[id.as_str()], &KeepTemplate { version, body }).map_err(Refusal::from)
}

#[test]
fn the_ready_templates_are_taken_over_once_and_one_becomes_a_draft() {
    let town = Town::found("Villa de los Modelos");
    let (administrator, author) = (town.administrator(), town.author());
    assert!(author.ok(&TEMPLATES, &[], &Nothing {}).is_empty());
    assert!(matches!(author.no(&ADD_READY, &[], &Nothing {}), Refusal::NotAllowed { .. }));
    let all = administrator.ok(&ADD_READY, &[], &Nothing {});
    assert_eq!(all.len(), 10);
    assert!(all.iter().all(|one| one.version == 1 && one.body.owner == administrator.me.member));
    assert_eq!(administrator.ok(&ADD_READY, &[], &Nothing {}).len(), 10, "asked twice, it adds nothing");
    let cut = author.ok(&TEMPLATES, &[], &Nothing {}).into_iter().find(|one| one.body.name == "Corte de suministro");
    let cut = cut.unwrap();

    // Filled in by the very rule that the desk fills it in with, and stored as any draft.
    let given = values(&[
        ("suministro", "agua"),
        ("fecha", "2026-12-01"),
        ("hora", "09:00"),
        ("fin", "14:00"),
        ("zona", "el barrio del Pilar"),
    ]);
    let filled = cut.body.fill(&given, today(&author)).unwrap();
    let mut content = town.notice("");
    content.texts.clear();
    content.titles.clear();
    assert!(!filled.overwrites(&content, &author.me.organisation.languages));
    filled.pour(&mut content, &author.me.organisation.languages);
    let draft = author.write(&content);
    assert_eq!(draft.post.content.kind, Kind::Service);
    let text = &draft.post.content.texts[&Language::spanish()];
    assert_eq!(
        text,
        "El martes 1 de diciembre de 2026, de 9:00 a 14:00 horas, hay un corte de agua en el barrio del Pilar."
    );
    assert!(filled.overwrites(&draft.post.content, &author.me.organisation.languages), "then it is asked first");

    // By what right it is said comes along, is agreed to with the words, and is kept with them.
    let begun = Content { basis: Some(cut.basis()), ..town.notice("Se corta el agua.") };
    let with_basis = author.write(&begun);
    assert_eq!(with_basis.post.content.basis.as_ref(), Some(&cut.basis()));
    let bare = author.write(&Content { basis: None, ..begun.clone() });
    assert_ne!(with_basis.content_hash, bare.content_hash, "it is part of what is agreed to");
    let turned = Basis { text: "Ley \u{202E}7".to_owned(), ..cut.basis() };
    let save = posts::Save { version: 0, content: Content { basis: Some(turned), ..begun } };
    let refused = author.no(&posts::SAVE, &[new_post().as_str()], &save);
    assert_eq!(refused, Refusal::Malformed { field: "basis".to_owned() });
    author.submit(&with_basis);
    let chain = crate::record::whole_chain(&town.member(Role::Records), &town);
    let mut bodies = chain.iter().filter_map(|entry| entry.body.as_deref()).map(|body| body.parse::<Json>().unwrap());
    let from = bodies.find_map(|body| body["content"]["basis"]["from"]["template"].as_str().map(str::to_owned));
    assert_eq!(from.as_deref(), Some(cut.id.as_str()));

    // Adapted, it is the town's own; taken away and added again, only that one comes.
    let mut body = cut.body.clone();
    body.basis = "Ordenanza del agua.".to_owned();
    let changed = keep(&administrator, &cut.id, 1, body.clone()).unwrap();
    assert_eq!(
        (changed.version, keep(&administrator, &cut.id, 2, body.clone())),
        (2, Ok(changed)),
        "sent twice, it is one"
    );
    assert_eq!(keep(&administrator, &cut.id, 1, cut.body), Err(Refusal::Stale { current: 2 }));
    assert!(matches!(keep(&author, &cut.id, 2, body), Err(Refusal::NotAllowed { .. })));
    administrator.ok(&DROP_TEMPLATE, &[cut.id.as_str()], &Nothing {});
    assert_eq!(administrator.no(&DROP_TEMPLATE, &[cut.id.as_str()], &Nothing {}), Refusal::NotFound);
    let again = administrator.ok(&ADD_READY, &[], &Nothing {});
    assert!(again.len() == 10 && again.iter().all(|one| one.id != cut.id));
    let counts = kept(&town, "templates_added").iter().map(|body| body["count"].as_u64().unwrap()).collect::<Vec<_>>();
    assert_eq!(counts, [10, 1]);
    assert_eq!((kept(&town, "template_kept").len(), kept(&town, "template_dropped").len()), (1, 1));
}

#[test]
fn a_template_that_could_not_be_filled_in_or_names_what_is_not_ours_is_refused_by_its_name() {
    let town = Town::found("Villa de los Huecos");
    let (administrator, author) = (town.administrator(), town.author());
    let owner = administrator.me.member.clone();
    let made = template(&administrator, works(&owner, "Obras"));
    let refused = |body: template::Body| keep(&administrator, &new(), 0, body).unwrap_err();
    let usual = || works(&owner, "Otro");
    let text = |text: &str| template::Body { texts: spanish(text.to_owned()), ..usual() };
    assert_eq!(refused(text("Mañana, {calle} y {plaza}.")), Refusal::UnknownBlank { blank: "plaza".to_owned() });
    let bare = template::Body { titles: BTreeMap::new(), ..text("Mañana.") };
    assert_eq!(refused(bare), Refusal::UnusedBlank { blank: "calle".to_owned() });
    assert_eq!(refused(text("Mañana, {calle.")), Refusal::Malformed { field: "template".to_owned() });
    assert_eq!(refused(text("Ma\u{202E}ñana, {calle}.")), Refusal::Malformed { field: "text".to_owned() });
    assert_eq!(refused(works(&owner, "OBRAS")), Refusal::Doubled { field: "name".to_owned() });
    let next_door = town.neighbour("Villa de al Lado");
    assert_eq!(refused(works(&next_door.author().me.member, "Otro")), Refusal::NotFound);
    let channels = vec![next_door.founded.noticeboard.clone()];
    assert_eq!(refused(template::Body { channels, ..usual() }), Refusal::NotFound);
    let theirs = crate::campaigns::pillar(&next_door.administrator(), "Movilidad");
    let belongs = domain::Belonging { pillar: Some(theirs), ..domain::Belonging::default() };
    assert_eq!(refused(template::Body { belongs, ..usual() }), Refusal::NotFound);
    let backwards = template::Body { first: "2026-06-02".parse().ok(), last: "2026-06-01".parse().ok(), ..usual() };
    assert_eq!(refused(backwards), Refusal::TermBackwards);
    assert_eq!(author.ok(&TEMPLATES, &[], &Nothing {}), std::slice::from_ref(&made), "nothing half-written");

    // What is filled in is judged by name too.
    let fill = |given: &[(&str, &str)]| made.body.fill(&values(given), today(&author)).map(drop);
    assert_eq!(fill(&[]), Err(Refusal::BlankWanted { blank: "calle".to_owned() }));
    assert_eq!(
        fill(&[("calle", "Mayor"), ("barrio", "Sur")]),
        Err(Refusal::UnknownBlank { blank: "barrio".to_owned() })
    );
    assert_eq!(fill(&[("calle", "al\u{202E}revés")]), Err(Refusal::BadBlank { blank: "calle".to_owned() }));
    // One that is over stays in the list, for its owner, and is filled in by nobody.
    let over = template::Body { last: Some(today(&author) - Days::new(1)), ..made.body.clone() };
    let over = keep(&administrator, &made.id, 1, over).unwrap();
    assert_eq!(over.body.fill(&values(&[("calle", "Mayor")]), today(&author)), Err(Refusal::Expired));
    assert_eq!(author.ok(&TEMPLATES, &[], &Nothing {}), [over]);
    assert!(next_door.administrator().ok(&TEMPLATES, &[], &Nothing {}).is_empty());
}

fn agree(by: &Member, row: &ReplyRow) -> Result<ReplyRow, Refusal> {
    let agree = AgreeReply { version: row.reply.version };
    by.ask(&AGREE_REPLY, &[row.reply.id.as_str()], &agree).map_err(Refusal::from)
}

fn found(by: &Member, text: &str) -> Vec<String> {
    let query = FindReplies { text: Some(text.to_owned()), cursor: None };
    by.ok(&REPLIES, &[], &query).items.into_iter().map(|row| row.reply.body.situation).collect()
}

#[test]
fn a_reply_is_agreed_to_by_somebody_who_wrote_none_of_it_and_any_change_asks_again() {
    let town = Town::found("Villa de las Respuestas");
    let (administrator, author, mayor) = (town.administrator(), town.author(), town.mayor());
    let owner = author.me.member.clone();
    let body = answer(&owner, "¿Cuándo pasa el camión de la BASURA?", "De lunes a sábado, desde las ocho.");
    let written = reply(&author, body.clone());
    assert_eq!(written.standing, Standing::Draft);
    assert!(matches!(agree(&author, &written), Err(Refusal::NotAllowed { .. })), "who only writes decides nothing");
    // The administrator may decide, and not on their own words.
    let change = |by: &Member, row: &ReplyRow, text: &str| {
        let body = reply::Body { texts: spanish(text.to_owned()), ..row.reply.body.clone() };
        by.ok(&KEEP_REPLY, &[row.reply.id.as_str()], &KeepReply { version: row.reply.version, body })
    };
    let written = change(&administrator, &written, "De lunes a sábado, desde las siete.");
    assert_eq!(agree(&administrator, &written), Err(Refusal::OwnText));
    let agreed = agree(&mayor, &written).unwrap();
    assert_eq!((agreed.standing, agreed.reply.version), (Standing::Good, 3));
    assert_eq!(agreed.reply.agreed.as_ref().unwrap().by, mayor.me.member);
    assert_eq!(agree(&mayor, &agreed), Err(Refusal::AlreadyDecided));
    assert_eq!(agree(&mayor, &written), Err(Refusal::Stale { current: 3 }), "over words that they did not read");
    // A comma, and nobody has agreed to it any more; the administrator's words of before were agreed to by the mayor.
    let changed = change(&author, &agreed, "De lunes a sábado desde las siete.");
    assert_eq!(changed.standing, Standing::Draft);
    let agreed = agree(&administrator, &changed).unwrap();
    // The same form, sent twice, takes no agreement away.
    let same = KeepReply { version: agreed.reply.version, body: agreed.reply.body.clone() };
    assert_eq!(author.ok(&KEEP_REPLY, &[agreed.reply.id.as_str()], &same), agreed);
    let stale = KeepReply { version: 1, body };
    assert_eq!(author.no(&KEEP_REPLY, &[agreed.reply.id.as_str()], &stale), Refusal::Stale { current: 5 });

    // Found without accents and capitals, in its texts too; a percent sign is one.
    assert_eq!(found(&mayor, "camion de la basura").len(), 1);
    assert_eq!(found(&mayor, "SÁBADO").len(), 1);
    assert_eq!((found(&mayor, "%").len(), found(&mayor, "domingo").len()), (0, 0));
    let next_door = town.neighbour("Villa de al Lado");
    assert_eq!(found(&next_door.mayor(), "basura").len(), 0);

    // Over its day it is said to be, and stays.
    let until = Some(today(&author) - Days::new(1));
    let over = reply::Body { until, ..answer(&owner, "¿Hay cine de verano?", "Los jueves de julio.") };
    let over = agree(&mayor, &reply(&author, over)).unwrap();
    assert_eq!(over.standing, Standing::Expired);

    assert!(matches!(author.no(&DROP_REPLY, &[over.reply.id.as_str()], &Nothing {}), Refusal::NotAllowed { .. }));
    administrator.ok(&DROP_REPLY, &[over.reply.id.as_str()], &Nothing {});
    assert_eq!(found(&mayor, "cine").len(), 0);
    assert_eq!((kept(&town, "reply_agreed").len(), kept(&town, "reply_dropped").len()), (3, 1));
    assert_eq!(kept(&town, "reply_kept").len(), 4, "what changed nothing is not kept");
}

#[test]
fn the_library_is_read_page_by_page_in_the_order_of_its_questions_and_not_by_an_agency() {
    let town = Town::found("Villa de la Biblioteca");
    let author = town.author();
    for number in (0..31).rev() {
        reply(&author, answer(&author.me.member, &format!("Pregunta {number:02}"), "Sí."));
    }
    let first = author.ok(&REPLIES, &[], &FindReplies::default());
    assert_eq!((first.items.len(), first.items[0].reply.body.situation.as_str()), (30, "Pregunta 00"));
    let rest = author.ok(&REPLIES, &[], &FindReplies { text: None, cursor: first.next });
    assert_eq!((rest.items.len(), rest.next), (1, None));
    assert_eq!(rest.items[0].reply.body.situation, "Pregunta 30");
    let now = town.now();
    crate::windows::contract(&town, now.minus(Millis::days(1)), now.plus(Millis::days(1)));
    let agency = town.member(Role::Agency);
    assert_eq!(agency.no(&REPLIES, &[], &FindReplies::default()), Refusal::OutOfReach);
    let drawn: ReplyId = new();
    let theirs = KeepReply { version: 0, body: answer(&agency.me.member, "¿Y nosotros?", "También.") };
    assert_eq!(agency.no(&KEEP_REPLY, &[drawn.as_str()], &theirs), Refusal::OutOfReach);
}

#[test]
fn an_employee_proposes_by_a_link_and_the_officer_takes_it_up_thanks_or_lets_it_go() {
    let town = Town::found("Villa de las Propuestas");
    let (author, mayor) = (town.author(), town.mayor());
    let form = MakeLink { name: "Todas las áreas".to_owned(), days: 30 };
    assert!(matches!(mayor.no(&MAKE_PROPOSAL_LINK, &[], &form), Refusal::NotAllowed { .. }));
    let made = link(&author, "Todas las áreas");
    let shown = page(&made);
    let text = shown.text();
    assert_eq!(shown.status, 200, "{text}");
    assert!(!text.contains("<script") && text.contains("noindex,nofollow") && text.contains("Villa de las Propuestas"));
    let policy = shown.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("form-action 'self'"), "{policy}");
    assert_eq!(shown.header("cache-control"), "no-store");

    let ana = "ana@villa.example";
    let photo = jpeg(64, 48, 3);
    let line = "Han florecido los <b>almendros</b>.\r\nEn la ronda.";
    let answer = propose(&made, line, "  La   jardinera ", ana, Some(&photo));
    assert_eq!(answer.status, 303, "{}", answer.text());
    let thanks = send("GET", answer.header("location"), &[("accept-language", "es")], b"");
    assert!(thanks.status == 200 && !thanks.text().contains("almendros"), "what was sent is shown to nobody");
    assert_eq!(propose(&made, "Sin nombre ni foto.", "", "", None).status, 303);
    assert_eq!(propose(&made, "Otra.", "", ana, None).status, 303);

    let all = waiting(&author);
    let [other, plain, first] = &all[..] else { panic!("{all:?}") };
    assert_eq!(first.line, "Han florecido los <b>almendros</b>.\nEn la ronda.");
    assert_eq!((first.name.as_deref(), first.link.as_str()), (Some("La jardinera"), "Todas las áreas"));
    assert!(first.pictured && first.answers && !plain.pictured && !plain.answers && plain.name.is_none());
    let picture = |proposal: &Proposal| author.raw(Method::Get, &PROPOSAL_PICTURE.path(&[proposal.id.as_str()]), b"");
    let served = picture(first);
    assert_eq!((served.status, served.header("content-type")), (200, "image/jpeg"));
    assert_eq!(picture(plain).status, 404);
    assert!(matches!(mayor.no(&PROPOSALS, &[], &FindProposals::default()), Refusal::NotAllowed { .. }));
    assert!(waiting(&town.neighbour("Villa de al Lado").author()).is_empty(), "nothing next door");

    // Taken up: a draft of the town's own page, with the photo among its pictures and who proposed in the record.
    let post = author.ok(&TAKE_UP, &[first.id.as_str()], &Nothing {}).post;
    let draft = author.read(&post);
    assert_eq!(draft.post.author, author.me.member);
    assert_eq!(draft.post.content.texts[&Language::spanish()], first.line);
    let [shown] = &draft.post.content.pictures[..] else { panic!("{draft:?}") };
    assert_eq!((shown.width, shown.height, shown.alt.is_empty()), (64, 48, true));
    let stored = author.raw(Method::Get, &wire::media::PICTURE.path(&[shown.media.as_str()]), b"");
    assert_eq!((stored.status, stored.body), (200, photo.clone()));
    assert_eq!(author.no(&TAKE_UP, &[first.id.as_str()], &Nothing {}), Refusal::NotFound, "only once");
    let [taken] = &kept(&town, "proposal_taken_up")[..] else { panic!("not kept once") };
    assert_eq!((taken["name"].as_str(), taken["post"].as_str()), (Some("La jardinera"), Some(post.as_str())));
    let told =
        |words: &str| eventually("the mail", || town.mails(ana).into_iter().find(|mail| mail.text.contains(words)));
    assert!(told("almendros").text.contains("borrador"), "who left an address hears of it");
    // It is one of the library's: whom it shows is said there, and without their consent it goes nowhere.
    describe(&author, &shown.media, |said| said.shows = Shows::Persons);
    let no = author.ask(&posts::SUBMIT, &[id(&draft)], &at(&draft)).unwrap_err();
    assert_eq!(no.fault.refusal, Refusal::Blocked);
    assert!(no.fault.findings.iter().any(|finding| finding.rule == Rule::Rights), "{:?}", no.fault.findings);
    // It is written on as any other draft.
    let mut content = draft.post.content.clone();
    content.texts.insert(Language::spanish(), "Ya hay almendros en flor en la ronda.".to_owned());
    assert_eq!(author.edit(&draft, &content).post.version, draft.post.version + 1);

    // Thanked: a mail with the word, and nothing of it stays.
    let word = Thank { word: "Lo contamos el lunes.".to_owned() };
    author.ok(&THANK, &[other.id.as_str()], &word);
    assert!(told("Lo contamos el lunes.").text.contains("Otra."));
    let [thanked] = &kept(&town, "proposal_thanked")[..] else { panic!("not kept once") };
    assert!(!thanked.to_string().contains(ana) && !thanked.to_string().contains("Otra."), "{thanked}");
    author.ok(&DISCARD, &[plain.id.as_str()], &Nothing {});
    assert_eq!(author.no(&THANK, &[plain.id.as_str()], &word), Refusal::NotFound);
    assert!(waiting(&author).is_empty());

    // The same photo again is the picture that is there already.
    propose(&made, "Los mismos almendros.", "", "", Some(&photo));
    let again = author.ok(&TAKE_UP, &[waiting(&author)[0].id.as_str()], &Nothing {}).post;
    assert_eq!(author.read(&again).post.content.pictures[0].media, shown.media);
}

#[test]
fn a_form_that_is_not_of_the_page_or_says_nothing_proposes_nothing() {
    let town = Town::found("Villa de los Formularios");
    let author = town.author();
    let made = link(&author, "Policía Local");
    let token = csrf(&made);
    let good = [("csrf", token.as_str()), ("line", "Un árbol caído."), ("name", ""), ("email", "")];
    assert_eq!(sent(&made, &good, None, &[]).status, 403, "from nowhere");
    assert_eq!(sent(&made, &good, None, &[("origin", "https://malo.example")]).status, 403);
    let forged = [("csrf", "00"), ("line", "Un árbol caído."), ("name", ""), ("email", "")];
    assert_eq!(sent(&made, &forged, None, &[("origin", url())]).status, 403);
    let refused = |line: &str, name: &str, email: &str, photo: Option<&[u8]>| {
        let answer = propose(&made, line, name, email, photo);
        assert_eq!(answer.status, 422, "{line:?} {name:?} {email:?}");
        answer.text()
    };
    let page = refused(" ", "La agente", "", None);
    assert!(page.contains("role=\"alert\"") && page.contains("value=\"La agente\""), "what was typed stays: {page}");
    refused("al\u{202E}revés", "", "", None);
    refused(&"a".repeat(1_501), "", "", None);
    refused("Un árbol caído.", "", "sin arroba", None);
    refused("Un árbol caído.", "", "", Some(b"<svg onload=alert(1)>"));
    refused("Un árbol caído.", "", "", Some(&png(20, 20)[..60]));
    let large = vec![0; wire::texts::MOST_PHOTO as usize + 100_000];
    let page = refused("Un árbol caído.", "La agente", "", Some(&large));
    assert!(
        page.contains("Un árbol caído.") && page.contains("value=\"La agente\""),
        "nor is it lost with a photo: {page}"
    );
    let escaped = propose(&made, " ", "\"><script>alert(1)</script>", "", None).text();
    assert!(!escaped.contains("<script>"), "{escaped}");
    assert!(waiting(&author).is_empty());
}

#[test]
fn whoever_sends_without_end_is_stopped_and_a_link_that_was_taken_back_takes_nothing() {
    let town = Town::found("Villa de los Límites");
    let author = town.author();
    let made = link(&author, "Brigada");
    // What is refused is not counted: it is sent again, right.
    for _ in 0..16 {
        assert_eq!(propose(&made, "", "", "", None).status, 422);
    }
    let statuses: Vec<u16> = (0..16).map(|n| propose(&made, &format!("Bache {n}."), "", "", None).status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 15, "{statuses:?}");
    assert_eq!(statuses.last(), Some(&429));
    assert_eq!(waiting(&author).len(), 15);

    author.ok(&REVOKE_PROPOSAL_LINK, &[made.id.as_str()], &Nothing {});
    author.ok(&REVOKE_PROPOSAL_LINK, &[made.id.as_str()], &Nothing {});
    let shown = page(&made);
    assert_eq!(shown.status, 404);
    assert!(!shown.text().contains("Villa de los Límites"), "nor whose it was");
    let fields = [("csrf", ""), ("line", "Otro bache."), ("name", ""), ("email", "")];
    assert_eq!(sent(&made, &fields, None, &[("origin", url())]).status, 404);
    let links = author.ok(&PROPOSAL_LINKS, &[], &Nothing {});
    assert!(links.len() == 1 && links[0].revoked.is_some());
    assert_eq!((kept(&town, "proposal_link_made").len(), kept(&town, "proposal_link_revoked").len()), (1, 1));
    let secret = made.address.path.rsplit('/').next().unwrap();
    let chain = crate::record::whole_chain(&town.member(Role::Records), &town);
    assert!(chain.iter().all(|entry| !entry.body.as_deref().unwrap_or_default().contains(secret)));
    for path in ["/propose/nonsense", "/propose/"] {
        assert_eq!(send("GET", path, &[], b"").status, 404, "{path}");
    }
    let bad = |days: u16| author.no(&MAKE_PROPOSAL_LINK, &[], &MakeLink { name: "Otra".to_owned(), days });
    assert_eq!(bad(0), Refusal::Malformed { field: "days".to_owned() });
    assert!(matches!(bad(367), Refusal::TooLarge { .. }));
}

#[test]
fn a_link_ends_on_its_day_and_what_nobody_saw_to_is_deleted_with_its_photo() {
    let town = Town::alone("Villa del Olvido");
    town.tick();
    let author = town.author();
    let made = link(&author, "Deportes");
    assert_eq!(propose(&made, "Hay torneo.", "El conserje", "", Some(&jpeg(32, 32, 9))).status, 303);
    town.ahead(Millis::days(31));
    assert_eq!(page(&made).status, 404, "thirty days are over");
    // Sessions end sooner than that.
    let author = town.author();
    let [still] = &waiting(&author)[..] else { panic!("it waits no more") };
    let picture = |by: &Member| by.raw(Method::Get, &PROPOSAL_PICTURE.path(&[still.id.as_str()]), b"").status;
    assert_eq!(picture(&author), 200);
    town.ahead(Millis(KEPT.0 + Millis::days(1).0));
    town.tick();
    let later = town.author();
    eventually("the sweep", || waiting(&later).is_empty().then_some(()));
    assert_eq!(picture(&later), 404);
    assert!(later.ok(&PROPOSAL_LINKS, &[], &Nothing {}).is_empty(), "the link is gone, a month after its end");
}

#[test]
fn who_has_left_stays_the_owner_until_another_is_named_and_nobody_gone_is_named_anew() {
    let town = Town::found("Villa de los Relevos");
    let administrator = town.administrator();
    let (_, leaving) = crate::circuits::joined(&town, Role::Author, "La becaria");
    let made = template(&administrator, works(&leaving.me.member, "Obras"));
    let written = reply(&administrator, answer(&leaving.me.member, "¿Hay obras?", "No."));
    administrator.ok(&wire::people::REMOVE_MEMBER, &[leaving.me.member.as_str()], &Nothing {});
    let body = template::Body { basis: "Ordenanza.".to_owned(), ..made.body.clone() };
    assert_eq!(keep(&administrator, &made.id, 1, body).unwrap().version, 2, "what it says can be mended");
    let stays = reply::Body { source: "Obras".to_owned(), ..written.reply.body.clone() };
    administrator.ok(&KEEP_REPLY, &[written.reply.id.as_str()], &KeepReply { version: 1, body: stays });
    assert_eq!(
        keep(&administrator, &new(), 0, works(&leaving.me.member, "Otro")),
        Err(Refusal::NotFound),
        "nobody who is gone answers for anything new"
    );
}
