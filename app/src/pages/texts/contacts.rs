//! The book of who is mentioned: one name for each, and their account on each network; for whoever writes, keeping it.

use std::collections::BTreeMap;

use domain::{
    Access, Act, Contact, ContactId, Network,
    contacts::{Entry, NETWORKS, mark, typed},
};
use leptos::{ev, prelude::*, task::spawn_local};
use wire::{
    Nothing,
    contacts::{BOOK, CONTACT_USES, DROP_CONTACT, KEEP_CONTACT, KeepContact, Uses},
};
use words::network_name;

use crate::{
    api,
    pages::around::{Fetched, Load},
    parts::{ProblemNotice, Work},
    platform::page,
    state::{drafts, lang, session, toasts},
    ui::{Button, ConfirmDialog, ConfirmTexts, Empty, Glyph, TextField, Tone, unique},
};

const TITLE: &str = "contacts";

/// What the parts of the book share.
#[derive(Clone, Copy)]
struct Desk {
    list: Fetched<Vec<Contact>>,
    work: Work,
    writing: RwSignal<bool>,
    dropping: RwSignal<bool>,
    which: StoredValue<Option<Contact>>,
    uses: RwSignal<Option<Uses>>,
    keeps: bool,
}

impl Desk {
    /// One was kept: it takes its place in the book.
    fn kept(self, contact: Contact) {
        self.writing.set(false);
        self.list.state.update(|state| {
            if let Load::Here(all) = state {
                all.retain(|one| one.id != contact.id);
                all.push(contact);
            }
        });
        toasts::done(lang().contacts_kept());
        // For the order of the engine.
        self.list.again();
        page::catch_focus(TITLE.to_owned());
    }
}

/// The book.
#[component]
pub fn Contacts() -> AnyView {
    let Some(me) = session().me.get_untracked() else { return ().into_any() };
    let lang = lang();
    let desk = Desk {
        list: Fetched::new(|| async { api::call(&BOOK, &[], &Nothing {}).await }),
        work: Work::new(),
        writing: RwSignal::new(false),
        dropping: RwSignal::new(false),
        which: StoredValue::new(None),
        uses: RwSignal::new(None),
        // The book is the house's: nobody is offered what they would be refused.
        keeps: domain::may(me.role, Act::Write) && matches!(me.access, Access::Everywhere),
    };
    let new = move || {
        (desk.keeps && desk.writing.get()).then(|| {
            view! {
                <section class="card" aria-labelledby="new-contact">
                    <h2 id="new-contact" tabindex="-1">{lang.contacts_new()}</h2>
                    {form(desk, None)}
                </section>
            }
        })
    };
    let write = move || {
        desk.writing.set(true);
        request_animation_frame(|| page::focus("new-contact"));
    };
    view! {
        <ProblemNotice problem=desk.work.problem/>
        {desk.list.draw(move |all| {
            if all.is_empty() && !desk.writing.get() {
                return empty(desk, write);
            }
            let lines = all.into_iter().map(|one| line(desk, one)).collect::<Vec<_>>();
            view! {
                <section class="card">
                    <h2 id=TITLE tabindex="-1">{lang.contacts_title()}</h2>
                    <p class="hint">{lang.contacts_text(mark("Cruz Roja"))}</p>
                    <ul class="lines">{lines}</ul>
                    {desk.keeps.then(|| view! {
                        <div class="actions">
                            <Button glyph=Glyph::Plus on_press=write>{lang.contacts_new()}</Button>
                        </div>
                    })}
                </section>
            }
            .into_any()
        })}
        {new}
        {desk.keeps.then(|| confirmation(desk))}
    }
    .into_any()
}

fn empty(desk: Desk, write: impl Fn() + Send + Sync + 'static) -> AnyView {
    let lang = lang();
    if !desk.keeps {
        let text = [lang.contacts_empty_text(), " ", lang.contacts_empty_ask()].concat();
        return view! { <Empty glyph=Glyph::People title=lang.contacts_empty_title() text/> }.into_any();
    }
    view! {
        <Empty glyph=Glyph::People title=lang.contacts_empty_title() text=lang.contacts_empty_text()>
            <Button tone=Tone::Primary on_press=write>{lang.contacts_new()}</Button>
        </Empty>
    }
    .into_any()
}

fn line(desk: Desk, contact: Contact) -> AnyView {
    let lang = lang();
    let body = &contact.body;
    let name = body.name.clone();
    let there = NETWORKS.into_iter().filter_map(|network| Some((network, body.accounts.get(&network)?.as_str())));
    let said = words::accounts(lang, there);
    let said = if said.is_empty() { lang.contacts_accounts_none().to_owned() } else { said };
    let change = desk.keeps.then(|| {
        let of = |text: &str| [text, ": ", &name].concat();
        let (change_label, drop_label) = (of(lang.contacts_change()), of(lang.contacts_drop()));
        let kept = StoredValue::new(contact.clone());
        let open = RwSignal::new(false);
        let form = move || open.get().then(|| form(desk, Some(kept.get_value())));
        let drop = move || ask_drop(desk, kept.get_value());
        view! {
            <details on:toggle=move |_| open.set(true)>
                <summary aria-label=change_label>{lang.contacts_change()}</summary>
                {form}
                <div class="actions">
                    <Button tone=Tone::Danger label=drop_label on_press=drop>{lang.contacts_drop()}</Button>
                </div>
            </details>
        }
    });
    view! {
        <li>
            <div class="line-main">
                <strong>{name}</strong>
                <p class="hint">{said}</p>
                {change}
            </div>
        </li>
    }
    .into_any()
}

/// What a network's field is called, and what helps to fill it.
fn asked(network: Network) -> (String, &'static str) {
    let lang = lang();
    match network {
        Network::Facebook => (lang.contacts_facebook().to_owned(), lang.contacts_facebook_hint()),
        Network::Linkedin => (lang.contacts_linkedin_page().to_owned(), lang.contacts_linkedin_page_hint()),
        Network::Mastodon => (network_name(lang, network).to_owned(), lang.contacts_account_mastodon_hint()),
        _ => (network_name(lang, network).to_owned(), lang.contacts_account_hint()),
    }
}

/// A network's field.
struct Field {
    network: Network,
    id: String,
    value: RwSignal<String>,
    /// The name of the page, where that is a field of its own.
    called: Option<RwSignal<String>>,
    wrong: RwSignal<Option<String>>,
}

impl Field {
    fn of(network: Network, before: Option<&Contact>) -> Self {
        let account = before.and_then(|one| one.body.accounts.get(&network)).map_or("", String::as_str);
        let is_page = network == Network::Linkedin;
        let (value, called) = if is_page { account.split_once(' ').unwrap_or((account, "")) } else { (account, "") };
        Self {
            network,
            id: unique("account"),
            value: RwSignal::new(value.to_owned()),
            called: is_page.then(|| RwSignal::new(called.to_owned())),
            wrong: RwSignal::new(None),
        }
    }

    /// Whether something is typed in it, and the account that it is, if it is one.
    fn read(&self) -> (bool, Option<String>) {
        let value = self.value.with_untracked(|value| value.trim().to_owned());
        let called = self.called.map(|called| called.with_untracked(|called| called.trim().to_owned()));
        let Some(called) = called else { return (!value.is_empty(), typed(self.network, &value)) };
        let is_whole = !value.is_empty() && !called.is_empty();
        let account = if is_whole { typed(self.network, &[&*value, " ", &called].concat()) } else { None };
        (!value.is_empty() || !called.is_empty(), account)
    }

    fn draw(&self) -> AnyView {
        let lang = lang();
        let (label, hint) = asked(self.network);
        let called = self.called.map(|called| {
            view! { <TextField label=lang.contacts_linkedin_name() hint=lang.contacts_linkedin_name_hint() value=called most=150/> }
        });
        view! {
            <TextField id=self.id.clone() label hint value=self.value error=self.wrong/>
            {called}
        }
        .into_any()
    }
}

/// The form of an entry that is there, or of a new one.
fn form(desk: Desk, before: Option<Contact>) -> AnyView {
    let lang = lang();
    let new = before.is_none();
    let version = before.as_ref().map_or(0, |one| one.version);
    // Drawn once for the form: sent twice, it is one.
    let id = before.as_ref().map_or_else(|| ContactId::from_bits(drafts::chance()), |one| one.id.clone());
    let was = before.as_ref().map(|one| one.body.name.clone()).unwrap_or_default();
    let name = RwSignal::new(was.clone());
    let fields: Vec<Field> = NETWORKS.into_iter().map(|network| Field::of(network, before.as_ref())).collect();
    let drawn = fields.iter().map(Field::draw).collect::<Vec<_>>();
    let fields = StoredValue::new(fields);
    let work = Work::new();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let mut accounts = BTreeMap::new();
        let mut first_wrong = None;
        fields.with_value(|fields| {
            for field in fields {
                let (is_typed, account) = field.read();
                let is_wrong = is_typed && account.is_none();
                field.wrong.set(is_wrong.then(|| lang.contacts_wrong(network_name(lang, field.network))));
                if is_wrong && first_wrong.is_none() {
                    first_wrong = Some(field.id.clone());
                }
                if let Some(account) = account {
                    accounts.insert(field.network, account);
                }
            }
        });
        if let Some(field) = first_wrong {
            return page::focus(&field);
        }
        let asked = KeepContact { version, body: Entry { name: name.get_untracked(), accounts } };
        let id = id.clone();
        work.run(async move { api::call(&KEEP_CONTACT, &[id.as_str()], &asked).await }, move |contact| {
            desk.kept(contact);
        });
    };
    let renamed = (!new).then_some(move || {
        let other = name.with(|name| name.trim() != was);
        other.then(|| view! { <p class="hint" role="status">{lang.contacts_renamed()}</p> })
    });
    view! {
        <form class="stack" on:submit=submit>
            <TextField label=lang.contacts_name() hint=lang.contacts_name_hint() value=name required=true most=60/>
            {renamed}
            {drawn}
            <ProblemNotice problem=work.problem/>
            <div class="actions">
                <Button tone=Tone::Primary submit=true busy=work.busy>{lang.general_save()}</Button>
                {new.then(|| view! {
                    <Button tone=Tone::Quiet on_press=move || desk.writing.set(false)>{lang.general_cancel()}</Button>
                })}
            </div>
        </form>
    }
    .into_any()
}

/// Finds out what names it, and asks then.
fn ask_drop(desk: Desk, contact: Contact) {
    let id = contact.id.clone();
    desk.which.set_value(Some(contact));
    desk.uses.set(None);
    spawn_local(async move {
        // Whoever is not told what names it is asked all the same: nothing that was written is lost.
        let uses = api::call(&CONTACT_USES, &[id.as_str()], &Nothing {}).await.ok();
        if desk.uses.try_set(uses).is_none() {
            desk.dropping.set(true);
        }
    });
}

/// Asks before one is taken away, and says what names it.
fn confirmation(desk: Desk) -> AnyView {
    let lang = lang();
    let texts = Signal::derive(move || {
        desk.dropping.track();
        let name = desk.which.with_value(|which| which.as_ref().map(|one| one.body.name.clone()).unwrap_or_default());
        let used = desk.uses.with(|uses| uses.as_ref().and_then(used));
        ConfirmTexts {
            title: lang.contacts_drop_title().to_owned(),
            text: [Some(lang.contacts_drop_text(name)), used].into_iter().flatten().collect::<Vec<_>>().join(" "),
            act: lang.contacts_drop().to_owned(),
            close: lang.general_cancel().to_owned(),
        }
    });
    let confirm = move || {
        let Some(contact) = desk.which.get_value() else { return };
        let id = contact.id;
        desk.work.run(async move { api::call(&DROP_CONTACT, &[id.as_str()], &Nothing {}).await }, move |_| {
            toasts::done(lang.contacts_dropped());
            desk.list.again();
            page::catch_focus(TITLE.to_owned());
        });
        desk.dropping.set(false);
    };
    view! { <ConfirmDialog open=desk.dropping texts busy=desk.work.busy on_confirm=confirm/> }.into_any()
}

/// What names it, if anything does.
fn used(uses: &Uses) -> Option<String> {
    let lang = lang();
    let heading = |heading: &str| if heading.is_empty() { lang.post_untitled().to_owned() } else { heading.to_owned() };
    let posts = uses.posts.iter().map(|post| heading(&post.heading));
    let names: Vec<String> = posts.chain(uses.templates.iter().cloned()).collect();
    let names = Some(names).filter(|names| !names.is_empty())?.join("; ");
    Some(if uses.more { lang.contacts_used_more(names) } else { lang.contacts_used(names) })
}
