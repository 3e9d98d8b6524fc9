//! The book of who is mentioned: a text names somebody by one mark, on each network stands their account there, and what was agreed to
//! is what goes out, whatever the book says by then.

use api_journeys::{
    Member, Town, at, id, new_post,
    outside::{Sandbox, agree_at, notice_on, publish, sent_on},
    send,
};
use domain::{
    Act, Contact, Contacts, Content, Language, Network, Refusal, Role, Target, Version,
    contacts::Entry,
    delivery::PublicationState,
    difference::{OtherChange, difference},
    policy::{Mode, Rule},
};
use serde_json::{Value, json};
use wire::{
    Nothing,
    contacts::{BOOK, CONTACT_USES, DROP_CONTACT, KEEP_CONTACT, KeepContact},
    posts::{self, PostView},
};

use crate::telegram;

fn entry(name: &str, accounts: &[(Network, &str)]) -> Entry {
    let accounts = accounts.iter().map(|(network, account)| (*network, (*account).to_owned())).collect();
    Entry { name: name.to_owned(), accounts }
}

/// Somebody new in the book.
pub fn contact(by: &Member, name: &str, accounts: &[(Network, &str)]) -> Contact {
    let drawn = new_post();
    by.ok(&KEEP_CONTACT, &[drawn.as_str()], &KeepContact { version: 0, body: entry(name, accounts) })
}

fn red_cross(by: &Member) -> Contact {
    let accounts = [(Network::Mastodon, "@CruzRoja@Social.example"), (Network::Telegram, "https://t.me/cruzroja")];
    contact(by, "Cruz Roja", &accounts)
}

fn change(by: &Member, contact: &Contact, body: Entry) -> Contact {
    by.ok(&KEEP_CONTACT, &[contact.id.as_str()], &KeepContact { version: contact.version, body })
}

/// What the rules find, but for the language that is missing in all of these.
fn rules(view: &PostView) -> Vec<(Rule, Mode)> {
    let found = view.findings.iter().filter(|finding| finding.rule != Rule::MissingLanguage);
    found.map(|finding| (finding.rule, finding.mode)).collect()
}

/// The contents of a post with those accounts and no others.
fn carrying(content: &Content, contacts: &str) -> Content {
    Content { contacts: Contacts::try_from(contacts.to_owned()).ok(), ..content.clone() }
}

const CARRIED: &str = "Cruz Roja\nmastodon CruzRoja@social.example\ntelegram cruzroja";

fn said(sandbox: &Sandbox) -> [Vec<Value>; 2] {
    [sandbox.statuses(), sandbox.messages()].map(|all| all.iter().map(|one| one["text"].clone()).collect())
}

fn on_the_board(town: &Town, post: &PostView) -> String {
    let path = format!("/{}/posts/{}", town.founded.slug, post.post.id);
    send("GET", &path, &[("accept-language", "es")], b"").text()
}

#[test]
fn on_each_network_stands_its_own_account_and_on_the_board_the_name() {
    let (town, sandbox) = (Town::found("Villa de las Menciones"), Sandbox::start());
    let (administrator, author) = (town.administrator(), town.author());
    let mastodon = agree_at(&administrator, &sandbox.server, sent_on).unwrap();
    let telegram = telegram::connect(&administrator, &sandbox);
    red_cross(&author);
    contact(&author, "Protección Civil", &[]);
    let mut content = town.notice("Con @[Cruz Roja] y @[Protección Civil].");
    let target = |channel: &domain::Channel| Target::new(channel.id.clone(), vec![Language::spanish()]);
    content.targets.extend([&mastodon, &telegram].map(target));
    let draft = author.write(&content);
    assert_eq!(draft.post.content, carrying(&content, &format!("{CARRIED}\n\nProtección Civil")));
    // On two networks somebody has no account: that is told, and stops nothing.
    assert_eq!(rules(&draft), [(Rule::Account, Mode::Warn); 2]);
    let out = publish(&town, &content);
    assert_eq!(
        said(&sandbox),
        [
            vec![json!("Con @CruzRoja@social.example y Protección Civil.")],
            vec![json!("Con @cruzroja y Protección Civil.")]
        ]
    );
    let board = on_the_board(&town, &out);
    assert!(board.contains("Con Cruz Roja y Protección Civil.") && !board.contains("@["), "{board}");
}

#[test]
fn whom_nobody_knows_stops_a_post_and_is_known_once_in_the_book() {
    let town = Town::found("Villa de los Corchetes");
    let author = town.author();
    let content = town.notice("Con @[Cruz Roja].");
    let draft = author.write(&content);
    assert_eq!(rules(&draft), [(Rule::Contact, Mode::Block)]);
    assert_eq!(author.no(&posts::SUBMIT, &[id(&draft)], &at(&draft)), Refusal::Blocked);
    // Nobody brings an account that the book does not have.
    let forged = carrying(&content, "Cruz Roja\nx otra");
    let save = posts::Save { version: draft.post.version, content: forged.clone() };
    let same = author.ok(&posts::SAVE, &[id(&draft)], &save);
    assert_eq!((same.post.content.contacts, same.post.version), (None, draft.post.version));
    red_cross(&author);
    let found = author.ok(&posts::CHECK, &[], &content);
    assert!(found.iter().all(|one| one.rule == Rule::MissingLanguage), "{found:?}");
    let again = posts::Save { version: draft.post.version, content: forged };
    let known = author.ok(&posts::SAVE, &[id(&draft)], &again);
    assert_eq!(known.post.content, carrying(&content, CARRIED));
    assert_eq!(rules(&known), []);
    // What was sent without accounts, and is sent once more, is the same.
    let twice = posts::Save { version: 0, content: content.clone() };
    assert_eq!(author.ok(&posts::SAVE, &[id(&draft)], &twice).post.version, known.post.version);
    town.mayor().approve(&author.submit(&known));
}

#[test]
fn what_was_agreed_to_goes_out_whatever_the_book_says_by_then() {
    let (town, sandbox) = (Town::found("Villa del Nombre Nuevo"), Sandbox::start());
    let author = town.author();
    let mastodon = agree_at(&town.administrator(), &sandbox.server, sent_on).unwrap();
    let known = red_cross(&author);
    let content = notice_on(&town, &mastodon, "Con @[Cruz Roja].");
    let approved = town.mayor().approve(&author.submit(&author.write(&content)));
    let uses = author.ok(&CONTACT_USES, &[known.id.as_str()], &Nothing {});
    assert_eq!(uses.posts.iter().map(|one| &one.id).collect::<Vec<_>>(), [&approved.post.id]);
    assert_eq!((&*uses.posts[0].heading, uses.more), ("Corte de agua", false));
    let renamed = change(&author, &known, entry("Cruz Roja Española", &[(Network::Mastodon, "otra@social.example")]));
    author.ok(&DROP_CONTACT, &[renamed.id.as_str()], &Nothing {});
    assert_eq!(author.ok(&BOOK, &[], &Nothing {}), []);
    let still = author.read(&approved.post.id);
    assert_eq!(
        (still.content_hash, still.post.content),
        (approved.content_hash.clone(), approved.post.content.clone())
    );
    author.release(&approved);
    author.wait_for(&approved.post.id, PublicationState::Out);
    assert_eq!(said(&sandbox)[0], [json!("Con @CruzRoja@social.example.")]);

    // A draft that names them keeps what it has; a new text cannot name who is gone.
    let edited = |text: &str, content: &Content| {
        let mut content = content.clone();
        content.texts.values_mut().for_each(|one| *one = text.to_owned());
        content
    };
    let other = red_cross(&author);
    let draft = author.write(&content);
    author.ok(&DROP_CONTACT, &[other.id.as_str()], &Nothing {});
    let kept = author.edit(&draft, &edited("Hoy, con @[Cruz Roja].", &draft.post.content));
    assert_eq!(kept.post.content.contacts, draft.post.content.contacts);
    let gone = author.edit(&kept, &edited("Con nadie.", &kept.post.content));
    assert_eq!(gone.post.content.contacts, None);
    let back = author.edit(&gone, &edited("Con @[Cruz Roja].", &kept.post.content));
    assert_eq!((back.post.content.contacts.clone(), rules(&back)), (None, vec![(Rule::Contact, Mode::Block)]));
}

#[test]
fn other_accounts_are_another_content_and_a_version_and_a_comment_name_too() {
    let town = Town::found("Villa de las Otras Cuentas");
    let author = town.author();
    let known = red_cross(&author);
    let mut content = town.notice("Mañana hay feria.");
    content.comments.insert(Language::spanish(), "Gracias a @[Cruz Roja].".to_owned());
    let draft = author.write(&content);
    assert_eq!(draft.post.content.contacts, Contacts::try_from(CARRIED.to_owned()).ok());
    let channel = content.targets[0].channel.clone();
    content.versions.push(Version {
        channel,
        language: Language::spanish(),
        text: "Feria con @[Cruz Roja].".to_owned(),
        warning: None,
    });
    let versioned = author.edit(&draft, &carrying(&content, CARRIED));
    change(&author, &known, entry("Cruz Roja", &[(Network::X, "CruzRoja")]));
    let waiting = author.submit(&versioned);
    let anew = carrying(&content, "Cruz Roja\nx CruzRoja");
    let changed = author.edit(&waiting, &anew);
    assert_eq!(changed.post.content, anew);
    assert_ne!(changed.content_hash, waiting.content_hash, "what was asked for is another content");
    let others = difference(&waiting.post.content, &changed.post.content).others;
    assert!(matches!(others[..], [OtherChange::Contacts { .. }]), "{others:?}");
}

#[test]
fn the_book_is_kept_by_whoever_writes_for_the_house_and_read_by_all() {
    let town = Town::found("Villa de la Agenda");
    let (author, mayor) = (town.author(), town.mayor());
    let known = red_cross(&author);
    assert_eq!(known.body.accounts[&Network::Mastodon], "CruzRoja@social.example");
    assert_eq!(mayor.ok(&BOOK, &[], &Nothing {}), std::slice::from_ref(&known));
    let keep = |version, body| KeepContact { version, body };
    let path = [known.id.as_str()];
    let refused = mayor.no(&KEEP_CONTACT, &path, &keep(1, known.body.clone()));
    assert_eq!(refused, Refusal::NotAllowed { act: Act::Write });
    assert_eq!(author.ok(&KEEP_CONTACT, &path, &keep(1, known.body.clone())), known, "nothing changed");
    let stale = keep(7, entry("Cruz Verde", &[]));
    assert_eq!(author.no(&KEEP_CONTACT, &path, &stale), Refusal::Stale { current: 1 });
    let new = new_post();
    let of_another = keep(0, entry("cruz roja", &[]));
    assert_eq!(author.no(&KEEP_CONTACT, &[new.as_str()], &of_another), Refusal::Doubled { field: "name".to_owned() });
    for (body, field) in [
        (entry("Cruz [Roja]", &[]), "name"),
        (entry("Cruz Verde", &[(Network::X, "cruz.verde")]), "accounts"),
        (entry("Cruz Verde", &[(Network::Noticeboard, "cruzverde")]), "accounts"),
    ] {
        let refused = author.no(&KEEP_CONTACT, &[new.as_str()], &keep(0, body));
        assert_eq!(refused, Refusal::Malformed { field: field.to_owned() });
    }
    let agency = town.member(Role::Agency);
    assert_eq!(agency.ok(&BOOK, &[], &Nothing {}).len(), 1);
    author.ok(&DROP_CONTACT, &path, &Nothing {});
    assert_eq!(author.no(&DROP_CONTACT, &path, &Nothing {}), Refusal::NotFound);
    assert_eq!(author.no(&CONTACT_USES, &path, &Nothing {}), Refusal::NotFound);
}

#[test]
fn what_one_organisation_has_in_its_book_is_no_other_s() {
    let (one, other) = (Town::found("Villa de la Agenda Propia"), Town::found("Villa de la Agenda Ajena"));
    let known = red_cross(&one.author());
    let author = other.author();
    assert_eq!(author.ok(&BOOK, &[], &Nothing {}), []);
    let draft = author.write(&carrying(&other.notice("Con @[Cruz Roja]."), CARRIED));
    assert_eq!((draft.post.content.contacts.clone(), rules(&draft)), (None, vec![(Rule::Contact, Mode::Block)]));
    assert_eq!(author.no(&CONTACT_USES, &[known.id.as_str()], &Nothing {}), Refusal::NotFound);
    assert_eq!(author.no(&DROP_CONTACT, &[known.id.as_str()], &Nothing {}), Refusal::NotFound);
}
