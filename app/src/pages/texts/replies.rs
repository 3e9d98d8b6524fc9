//! The standard replies: looking for one, copying it, and for who writes keeping them. Nobody agrees to their own.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::{
    Act, Language, MemberId, ReplyId,
    reply::{Body, Standing},
};
use leptos::{ev, prelude::*, task::spawn_local};
use wire::{
    Nothing, Page,
    people::{MEMBERS, MemberRow},
    texts::{AGREE_REPLY, AgreeReply, DROP_REPLY, FindReplies, KEEP_REPLY, KeepReply, REPLIES, ReplyRow},
};
use words::language_name;

use super::{
    owner_name, owners,
    writing::{self, Asked},
};
use crate::{
    api,
    pages::{
        around::{self, Fetched, Load},
        leaving::{Leave, List},
    },
    parts::{ProblemNotice, Work},
    platform::{
        hand, page,
        time::{self, Form},
    },
    state::{drafts, lang, session, toasts},
    ui::{Button, Chip, ConfirmDialog, ConfirmTexts, Empty, Glyph, Hue, Select, TextArea, TextField, Tone},
};

const TITLE: &str = "replies";

/// What the parts of the library share.
#[derive(Clone, Copy)]
struct Desk {
    list: Fetched<Page<ReplyRow>>,
    more: RwSignal<Vec<ReplyRow>>,
    next: RwSignal<Option<String>>,
    looked_for: RwSignal<String>,
    members: RwSignal<Vec<MemberRow>>,
    work: Work,
    writing: RwSignal<bool>,
    dropping: RwSignal<bool>,
    which: StoredValue<Option<(ReplyId, String)>>,
    me: StoredValue<MemberId>,
    writes: bool,
    decides: bool,
    manages: bool,
}

impl Desk {
    fn again(self) {
        self.more.set(Vec::new());
        self.list.again();
    }

    fn query(self, cursor: Option<String>) -> FindReplies {
        let text = self.looked_for.with_untracked(|text| text.trim().to_owned());
        FindReplies { text: Some(text).filter(|text| !text.is_empty()), cursor }
    }

    fn done(self, text: &'static str) {
        toasts::done(text);
        self.again();
        page::catch_focus(TITLE.to_owned());
    }
}

/// The library.
#[component]
pub fn Replies() -> AnyView {
    let Some(me) = session().me.get_untracked() else { return ().into_any() };
    let lang = lang();
    let looked_for = RwSignal::new(String::new());
    let list = Fetched::new(move || {
        let text = looked_for.with_untracked(|text: &String| text.trim().to_owned());
        let query = FindReplies { text: Some(text).filter(|text| !text.is_empty()), cursor: None };
        async move { api::call(&REPLIES, &[], &query).await }
    });
    let desk = Desk {
        list,
        more: RwSignal::new(Vec::new()),
        next: RwSignal::new(None),
        looked_for,
        members: RwSignal::new(Vec::new()),
        work: Work::new(),
        writing: RwSignal::new(false),
        dropping: RwSignal::new(false),
        which: StoredValue::new(None),
        me: StoredValue::new(me.member),
        writes: domain::may(me.role, Act::Write),
        decides: domain::may(me.role, Act::Decide),
        manages: domain::may(me.role, Act::ManageOrganisation),
    };
    spawn_local(async move {
        match api::call(&MEMBERS, &[], &Nothing {}).await {
            Ok(members) => drop(desk.members.try_set(members)),
            Err(problem) => drop(desk.work.problem.try_set(Some(problem))),
        }
    });
    Effect::new(move |_| {
        if let Load::Here(page) = list.state.get() {
            desk.next.set(page.next);
        }
    });
    let look = move |event: ev::SubmitEvent| {
        event.prevent_default();
        desk.again();
    };
    let show_more = move || {
        let query = desk.query(desk.next.get_untracked());
        desk.work.run(async move { api::call(&REPLIES, &[], &query).await }, move |page: Page<ReplyRow>| {
            desk.more.update(|rows| rows.extend(page.items));
            desk.next.set(page.next);
        });
    };
    let write = move || {
        desk.writing.set(true);
        request_animation_frame(|| page::focus("new-reply"));
    };
    let new = move || {
        (desk.writes && desk.writing.get()).then(|| {
            // The owner is chosen among who is there: until they have come there is nobody to choose.
            let form = move || desk.members.with(|members| (!members.is_empty()).then(|| form(desk, members, None)));
            view! {
                <section class="card" aria-labelledby="new-reply">
                    <h2 id="new-reply" tabindex="-1">{lang.texts_reply_new()}</h2>
                    {form}
                </section>
            }
        })
    };
    view! {
        <ProblemNotice problem=desk.work.problem/>
        <form class="texts-search" role="search" on:submit=look>
            <TextField label=lang.texts_search() value=looked_for kind="search" most=100/>
            <Button submit=true>{lang.texts_search_do()}</Button>
        </form>
        <section class="card">
            <h2 id=TITLE tabindex="-1">{lang.texts_replies()}</h2>
            {list.draw(move |page| {
                let searching = desk.looked_for.with_untracked(|text| !text.trim().is_empty());
                if page.items.is_empty() {
                    return none(desk, searching, write);
                }
                let lines = page.items.into_iter().map(|row| line(desk, row)).collect::<Vec<_>>();
                let rest = move || desk.more.get().into_iter().map(|row| line(desk, row)).collect::<Vec<_>>();
                view! { <ul class="lines">{lines}{rest}</ul> }.into_any()
            })}
            <div class="actions">
                {move || desk.next.with(Option::is_some).then(|| view! {
                    <Button busy=desk.work.busy on_press=show_more>{lang.texts_more()}</Button>
                })}
                {desk.writes.then(|| view! {
                    <Button glyph=Glyph::Plus on_press=write>{lang.texts_reply_new()}</Button>
                })}
                <Leave lists=move || vec![List::Replies(desk.query(None).text)]/>
            </div>
        </section>
        {new}
        {desk.manages.then(|| confirmation(desk))}
    }
    .into_any()
}

fn none(desk: Desk, searching: bool, write: impl Fn() + Send + Sync + 'static) -> AnyView {
    let lang = lang();
    if searching {
        return view! { <p role="status">{lang.texts_reply_not_found()}</p> }.into_any();
    }
    if !desk.writes {
        return view! { <Empty glyph=Glyph::Book title=lang.texts_reply_none() text=lang.texts_reply_none_text()/> }
            .into_any();
    }
    view! {
        <Empty glyph=Glyph::Book title=lang.texts_reply_none() text=lang.texts_reply_none_text()>
            <Button tone=Tone::Primary on_press=write>{lang.texts_reply_first()}</Button>
        </Empty>
    }
    .into_any()
}

fn line(desk: Desk, row: ReplyRow) -> AnyView {
    let lang = lang();
    let ReplyRow { reply, standing } = row;
    let body = reply.body.clone();
    let situation = body.situation.clone();
    let chip = match standing {
        Standing::Draft => (Hue::Neutral, lang.texts_reply_draft()),
        Standing::Good => (Hue::Good, lang.texts_reply_good()),
        Standing::Expired => (Hue::Warn, lang.texts_reply_expired()),
    };
    let until = body.until.map(|day| {
        let day = time::date(day, lang.tag(), Form::Date);
        if standing == Standing::Expired { lang.texts_reply_was_until(day) } else { lang.texts_reply_until(day) }
    });
    let owner = body.owner.clone();
    let of = move || {
        desk.members.with(|members| {
            (!members.is_empty())
                .then(|| view! { <p class="hint">{lang.texts_owner_is(owner_name(members, &owner))}</p> })
        })
    };
    let note = |label: &'static str, text: &str| {
        let text = text.to_owned();
        (!text.is_empty()).then(|| view! { <p><b>{label}</b>" "{text}</p> })
    };
    let source = source(&body.source);
    let topics = body.topics.join(", ");
    let topics = (!topics.is_empty()).then(|| view! { <p class="hint">{topics}</p> });
    let texts =
        body.texts.iter().map(|(language, text)| said(&situation, language, text, standing)).collect::<Vec<_>>();
    let agreed = reply.agreed.as_ref().map(|agreed| {
        let (by, at) = (agreed.by.clone(), around::when(agreed.at, Form::Full));
        move || {
            desk.members.with(|members| {
                let name = owner_name(members, &by);
                (!members.is_empty())
                    .then(|| view! { <p class="hint">{lang.texts_reply_agreed_by(at.clone(), name)}</p> })
            })
        }
    });
    let mine = desk.me.with_value(|me| reply.hands.contains(me));
    let agree = (standing == Standing::Draft && desk.decides).then(|| {
        if mine {
            return view! { <p class="hint">{lang.texts_reply_own()}</p> }.into_any();
        }
        let (id, version, label) =
            (reply.id.clone(), reply.version, [lang.texts_reply_agree(), ": ", &situation].concat());
        let press = move || {
            let id = id.clone();
            let call = async move { api::call(&AGREE_REPLY, &[id.as_str()], &AgreeReply { version }).await };
            desk.work.run(call, move |_| desk.done(lang.texts_reply_agreed()));
        };
        view! { <Button tone=Tone::Primary label busy=desk.work.busy on_press=press>{lang.texts_reply_agree()}</Button> }
            .into_any()
    });
    let waits = (standing == Standing::Draft && !desk.decides)
        .then(|| view! { <p class="hint">{lang.texts_reply_waits()}</p> });
    let change = desk.writes.then(|| {
        let kept = StoredValue::new(reply.clone());
        let open = RwSignal::new(false);
        let form = move || {
            open.get().then(|| {
                desk.members.with(|members| {
                    (!members.is_empty()).then(|| kept.with_value(|reply| form(desk, members, Some(reply))))
                })
            })
        };
        let label = [lang.campaign_change(), ": ", &situation].concat();
        view! {
            <details on:toggle=move |_| open.set(true)>
                <summary aria-label=label>{lang.campaign_change()}</summary>
                {form}
            </details>
        }
    });
    let drop = desk.manages.then(|| {
        let kept = StoredValue::new((reply.id.clone(), situation.clone()));
        let label = [lang.texts_drop(), ": ", &situation].concat();
        let press = move || {
            desk.which.set_value(Some(kept.get_value()));
            desk.dropping.set(true);
        };
        view! { <Button tone=Tone::Quiet label on_press=press>{lang.texts_drop()}</Button> }
    });
    view! {
        <li>
            <div class="line-main">
                <strong>{situation}</strong>
                {until.map(|until| view! { <p class="hint">{until}</p> })}
                {topics}
                {texts}
                {note(lang.texts_reply_dos_say(), &body.dos)}
                {note(lang.texts_reply_donts_say(), &body.donts)}
                {source}
                {of}
                {agreed}
                {waits}
                {agree}
                {change}
            </div>
            <Chip hue=chip.0 text=chip.1/>
            {drop}
        </li>
    }
    .into_any()
}

/// Where it comes from: an address leads there, anything else is read.
fn source(source: &str) -> Option<AnyView> {
    let lang = lang();
    if source.is_empty() {
        return None;
    }
    let text = source.to_owned();
    let said = if domain::content::is_web_address(source) {
        let address = text.clone();
        view! { <a href=address rel="external noopener noreferrer" target="_blank">{text}</a> }.into_any()
    } else {
        view! { <span>{text}</span> }.into_any()
    };
    Some(view! { <p><b>{lang.texts_reply_source_say()}</b>" "{said}</p> }.into_any())
}

/// The text in one language, and the button that copies it. A draft is no answer of the house; of one that is over its day
/// the button itself says so.
fn said(situation: &str, language: &Language, text: &str, standing: Standing) -> AnyView {
    let lang = lang();
    let name = language_name(lang, language).to_string();
    let (tag, shown) = (language.to_string(), text.to_owned());
    let copying = match standing {
        Standing::Draft => None,
        Standing::Good => Some(lang.general_copy()),
        Standing::Expired => Some(lang.texts_reply_copy_expired()),
    };
    let kept = StoredValue::new(text.to_owned());
    let copy = move || {
        spawn_local(async move {
            let Some(text) = kept.try_get_value() else { return };
            if hand::copy(&text).await {
                toasts::done(lang.general_copied());
            } else {
                toasts::say(crate::ui::Gravity::Warn, lang.entry_not_copied());
            }
        });
    };
    let button = copying.map(|act| {
        let label = [act, ": ", situation, " (", &name, ")"].concat();
        view! { <Button glyph=Glyph::Copy label on_press=copy>{act}</Button> }
    });
    view! {
        <div class="texts-result">
            <p class="hint">{name.clone()}</p>
            <p class="texts-said" lang=tag>{shown}</p>
            {button}
        </div>
    }
    .into_any()
}

/// The form of a reply that is there, or of a new one.
fn form(desk: Desk, members: &[MemberRow], before: Option<&domain::reply::Reply>) -> AnyView {
    let lang = lang();
    let Some(me) = session().me.get_untracked() else { return ().into_any() };
    let body = before.map(|before| before.body.clone());
    let version = before.map_or(0, |before| before.version);
    let id = before.map_or_else(|| ReplyId::from_bits(drafts::chance()), |before| before.id.clone());
    let work = Work::new();
    let text = |of: fn(&Body) -> &String| RwSignal::new(body.as_ref().map(|body| of(body).clone()).unwrap_or_default());
    let situation = text(|body| &body.situation);
    let (dos, donts, source) = (text(|body| &body.dos), text(|body| &body.donts), text(|body| &body.source));
    let topics = RwSignal::new(body.as_ref().map(|body| body.topics.join(", ")).unwrap_or_default());
    let until = body.as_ref().and_then(|body| body.until);
    let until = RwSignal::new(until.map(|day| day.to_string()).unwrap_or_default());
    let owner = body.as_ref().map(|body| body.owner.clone());
    let options = owners(members, owner.as_ref());
    let owner = RwSignal::new(owner.unwrap_or(me.member).to_string());
    let mut languages = me.organisation.languages.clone();
    for language in body.iter().flat_map(|body| body.texts.keys()) {
        if !languages.contains(language) {
            languages.push(language.clone());
        }
    }
    let texts = languages.into_iter().map(|language| {
        let now = body.as_ref().and_then(|body| body.texts.get(&language).cloned()).unwrap_or_default();
        (language, RwSignal::new(now))
    });
    let texts: Vec<(Language, RwSignal<String>)> = texts.collect();
    let several = texts.len() > 1;
    let areas = texts.iter().map(|(language, value)| {
        let name = lang.texts_reply_text();
        let label = if several { [name, " (", &language_name(lang, language), ")"].concat() } else { name.to_owned() };
        // It is copied as it stands, and no network is known: a name of the book would stay a mark.
        writing::lines(Asked { label, hint: None, tag: language.to_string(), most: 4_000 }, *value, 4, None)
    });
    let areas = areas.collect::<Vec<_>>();
    let texts = StoredValue::new(texts);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Ok(owner) = owner.get_untracked().parse::<MemberId>() else { return };
        let typed: BTreeMap<Language, String> = texts.with_value(|texts| {
            texts.iter().map(|(language, text)| (language.clone(), text.get_untracked())).collect()
        });
        let asked = KeepReply {
            version,
            body: Body {
                situation: situation.get_untracked(),
                texts: typed,
                dos: dos.get_untracked(),
                donts: donts.get_untracked(),
                source: source.get_untracked(),
                topics: topics
                    .with_untracked(|topics| topics.split(',').map(|topic| topic.trim().to_owned()).collect()),
                owner,
                until: until.get_untracked().parse::<NaiveDate>().ok(),
            },
        };
        let id = id.clone();
        work.run(async move { api::call(&KEEP_REPLY, &[id.as_str()], &asked).await }, move |_| {
            desk.writing.set(false);
            desk.done(lang.texts_reply_kept());
        });
    };
    let new = before.is_none();
    view! {
        <form class="stack" on:submit=submit>
            <TextField label=lang.texts_reply_situation() hint=lang.texts_reply_situation_hint() value=situation required=true most=250/>
            {areas}
            <TextArea label=lang.texts_reply_dos() value=dos rows=2 most=600/>
            <TextArea label=lang.texts_reply_donts() value=donts rows=2 most=600/>
            <TextField label=lang.texts_reply_source() hint=lang.texts_reply_source_hint() value=source most=800/>
            <TextField label=lang.texts_reply_topics() hint=lang.texts_reply_topics_hint() value=topics most=400/>
            <div class="columns">
                <TextField label=lang.texts_last() hint=lang.texts_reply_until_hint() value=until kind="date"/>
                <Select label=lang.texts_owner() hint=lang.texts_owner_hint() value=owner options/>
            </div>
            <p class="hint">{lang.texts_reply_keep_hint()}</p>
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

/// Asks before one is taken away.
fn confirmation(desk: Desk) -> AnyView {
    let lang = lang();
    let texts = Signal::derive(move || {
        desk.dropping.track();
        let name = desk.which.with_value(|which| which.as_ref().map(|(_, name)| name.clone()).unwrap_or_default());
        ConfirmTexts {
            title: lang.texts_reply_drop_title().to_owned(),
            text: lang.texts_reply_drop_text(name),
            act: lang.texts_drop().to_owned(),
            close: lang.general_cancel().to_owned(),
        }
    });
    let confirm = move || {
        let Some((id, _)) = desk.which.get_value() else { return };
        let call = async move { api::call(&DROP_REPLY, &[id.as_str()], &Nothing {}).await };
        desk.work.run(call, move |_| desk.done(lang.texts_reply_dropped()));
        desk.dropping.set(false);
    };
    view! { <ConfirmDialog open=desk.dropping texts busy=desk.work.busy on_confirm=confirm/> }.into_any()
}
