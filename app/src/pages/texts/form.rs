//! The form of a template. The blanks that its texts name are found in them: nobody types a name twice.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::{
    Belonging, ChannelId, Kind, Language, MemberId, Message, Template, TemplateId,
    guidance::Line,
    template::{Blank, Body, Takes, blanks_of},
};
use leptos::{ev, prelude::*};
use wire::texts::{KEEP_TEMPLATE, KeepTemplate};
use words::{kind_name, language_name, takes_name};

use super::{
    owners,
    templates::{Desk, Ground},
    writing::{self, Asked},
};
use crate::{
    api,
    pages::naming::Book,
    parts::{ProblemNotice, Work},
    state::{drafts, lang, session},
    ui::{Button, Checkbox, Select, TextArea, TextField, Tone},
};

/// A blank while it is written.
#[derive(Debug, Clone, Copy)]
struct Row {
    name: StoredValue<String>,
    takes: RwSignal<String>,
    label: RwSignal<String>,
    hint: RwSignal<String>,
    required: RwSignal<bool>,
    /// As it was: what it is called in other languages stays.
    before: StoredValue<Option<Blank>>,
}

impl Row {
    fn of(blank: Option<&Blank>, name: String, own: &Language) -> Self {
        let read = |line: &Line| line.0.get(own).cloned().unwrap_or_default();
        let takes = blank.map_or(Takes::Text, |blank| blank.takes);
        Self {
            takes: RwSignal::new(takes.as_str().to_owned()),
            // What a blank is called is mostly what it is named.
            label: RwSignal::new(blank.map_or_else(|| name.replace('_', " "), |blank| read(&blank.label))),
            hint: RwSignal::new(blank.map(|blank| read(&blank.hint)).unwrap_or_default()),
            required: RwSignal::new(blank.is_none_or(|blank| blank.required)),
            name: StoredValue::new(name),
            before: StoredValue::new(blank.cloned()),
        }
    }

    fn blank(self, own: &Language) -> Blank {
        let before = self.before.get_value();
        let mut label = before.as_ref().map(|blank| blank.label.clone()).unwrap_or_default();
        let mut hint = before.map(|blank| blank.hint).unwrap_or_default();
        for (line, typed) in [(&mut label, self.label), (&mut hint, self.hint)] {
            match typed.get_untracked().trim() {
                "" => drop(line.0.remove(own)),
                typed => drop(line.0.insert(own.clone(), typed.to_owned())),
            }
        }
        let takes = self.takes.get_untracked();
        let takes = Takes::ALL.into_iter().find(|one| one.as_str() == takes).unwrap_or(Takes::Text);
        Blank { name: self.name.get_value(), takes, label, hint, required: self.required.get_untracked() }
    }
}

/// The texts in one language.
#[derive(Debug, Clone)]
struct Said {
    language: Language,
    title: RwSignal<String>,
    text: RwSignal<String>,
}

/// The form of a template that is there, or of a new one.
pub fn form(desk: Desk, ground: &Ground, before: Option<Template>) -> AnyView {
    let lang = lang();
    let Some(me) = session().me.get_untracked() else { return ().into_any() };
    // Which language of the labels is written here: that of the desk.
    let own = lang.tag().parse::<Language>().unwrap_or_else(|_| Language::spanish());
    let body = before.as_ref().map(|one| one.body.clone());
    let version = before.as_ref().map_or(0, |one| one.version);
    // Drawn once for the form: sent twice, it is one.
    let id = before.as_ref().map_or_else(|| TemplateId::from_bits(drafts::chance()), |one| one.id.clone());
    let work = Work::new();
    let name = RwSignal::new(body.as_ref().map(|body| body.name.clone()).unwrap_or_default());
    let kind = RwSignal::new(kind_key(body.as_ref().map_or(Kind::Routine, |body| body.kind)));
    let basis = RwSignal::new(body.as_ref().map(|body| body.basis.clone()).unwrap_or_default());
    let day = |day: Option<NaiveDate>| RwSignal::new(day.map(|day| day.to_string()).unwrap_or_default());
    let first = day(body.as_ref().and_then(|body| body.first));
    let last = day(body.as_ref().and_then(|body| body.last));
    let owner = body.as_ref().map(|body| body.owner.clone());
    let owner_options = owners(&ground.members, owner.as_ref());
    let owner = RwSignal::new(owner.unwrap_or(me.member).to_string());
    let channels = RwSignal::new(body.as_ref().map(|body| body.channels.clone()).unwrap_or_default());
    let belongs = body.as_ref().map(|body| body.belongs.clone()).unwrap_or_default();
    let chosen = |id: Option<String>| RwSignal::new(id.unwrap_or_default());
    let campaign = chosen(belongs.campaign.as_ref().map(ToString::to_string));
    let pillar = chosen(belongs.pillar.as_ref().map(ToString::to_string));
    let audience = chosen(belongs.audience.as_ref().map(ToString::to_string));
    let message = chosen(belongs.message.as_ref().map(ToString::to_string));
    let messages = StoredValue::new(ground.themes.messages.clone());
    let mut languages = me.organisation.languages.clone();
    // What it says in a language that the organisation has given up is not lost.
    for language in body.iter().flat_map(|body| body.texts.keys()) {
        if !languages.contains(language) {
            languages.push(language.clone());
        }
    }
    let said = languages.into_iter().map(|language| {
        let of = |texts: fn(&Body) -> &BTreeMap<Language, String>| {
            RwSignal::new(body.as_ref().and_then(|body| texts(body).get(&language).cloned()).unwrap_or_default())
        };
        Said { title: of(|body| &body.titles), text: of(|body| &body.texts), language: language.clone() }
    });
    let said: Vec<Said> = said.collect();
    let kept = body.iter().flat_map(|body| &body.blanks);
    let rows = RwSignal::new(kept.map(|blank| Row::of(Some(blank), blank.name.clone(), &own)).collect::<Vec<_>>());
    let missing = {
        let said = said.clone();
        Memo::new(move |_| {
            let mut names: Vec<String> = Vec::new();
            for one in &said {
                for text in [one.title, one.text] {
                    let found = text.with(|text| blanks_of(text));
                    let new = found.into_iter().filter(|name| !names.contains(name)).collect::<Vec<_>>();
                    names.extend(new);
                }
            }
            rows.with(|rows| names.retain(|name| !rows.iter().any(|row| row.name.with_value(|known| known == name))));
            names
        })
    };
    let fields = StoredValue::new(said.clone());
    let own = StoredValue::new(own);
    // What is declared lives as long as the form, and not as long as the button that was pressed for it.
    let here = StoredValue::new(Owner::current());
    let declare = move || {
        let new = missing.get_untracked();
        let made = || own.with_value(|own| new.into_iter().map(|name| Row::of(None, name, own)).collect::<Vec<_>>());
        if let Some(made) = here.with_value(|here| here.as_ref().map(|here| here.with(made))) {
            rows.update(|rows| rows.extend(made));
        }
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        // Whoever names a blank in the text has declared it.
        declare();
        let day = |text: RwSignal<String>| text.get_untracked().parse::<NaiveDate>().ok();
        let Ok(owner) = owner.get_untracked().parse::<MemberId>() else { return };
        let texts = |which: fn(&Said) -> RwSignal<String>| -> BTreeMap<Language, String> {
            fields
                .with_value(|said| said.iter().map(|one| (one.language.clone(), which(one).get_untracked())).collect())
        };
        let asked = KeepTemplate {
            version,
            body: Body {
                name: name.get_untracked(),
                kind: kind_of(&kind.get_untracked()),
                titles: texts(|one| one.title),
                texts: texts(|one| one.text),
                blanks: own.with_value(|own| rows.get_untracked().into_iter().map(|row| row.blank(own)).collect()),
                basis: basis.get_untracked(),
                channels: channels.get_untracked(),
                belongs: Belonging {
                    campaign: campaign.get_untracked().parse().ok(),
                    pillar: pillar.get_untracked().parse().ok(),
                    audience: audience.get_untracked().parse().ok(),
                    // What was chosen under another pillar is not meant any more.
                    message: messages.with_value(|all| {
                        let (under, wanted) = (pillar.get_untracked(), message.get_untracked());
                        let here = |one: &&Message| one.pillar.as_str() == under && one.id.as_str() == wanted;
                        all.iter().find(here).map(|one| one.id.clone())
                    }),
                },
                first: day(first),
                last: day(last),
                owner,
            },
        };
        let id = id.clone();
        work.run(async move { api::call(&KEEP_TEMPLATE, &[id.as_str()], &asked).await }, move |template| {
            desk.kept(template);
        });
    };
    let kinds = Kind::ALL.into_iter().map(|kind| (kind_key(kind), kind_name(lang, kind).to_owned())).collect();
    let several = said.len() > 1;
    let book = Book::new(false);
    let texts = said.iter().flat_map(|one| {
        let of = |text: &str| {
            if several { [text, " (", &language_name(lang, &one.language), ")"].concat() } else { text.to_owned() }
        };
        let tag = one.language.to_string();
        let title = Asked { label: of(lang.texts_heading()), hint: None, tag: tag.clone(), most: 200 };
        let hint = [lang.texts_text_hint("{calle}").as_str(), " ", lang.contacts_hint()].concat();
        let text = Asked { label: of(lang.texts_text()), hint: Some(hint), tag, most: 4_000 };
        // As in the composer: a mark in a heading would stay one.
        [writing::line(title, one.title), writing::lines(text, one.text, 6, Some(book))]
    });
    let texts = texts.collect::<Vec<_>>();
    let new = before.is_none();
    view! {
        <form class="stack" on:submit=submit>
            <TextField label=lang.texts_name() value=name required=true most=100/>
            <Select label=lang.texts_kind() hint=lang.texts_kind_hint() value=kind options=kinds/>
            {texts}
            {blanks(rows, missing, declare)}
            <TextArea label=lang.texts_basis() hint=lang.texts_basis_hint() value=basis rows=2 most=400/>
            {places(ground, channels)}
            {themes(ground, &belongs, [campaign, pillar, audience, message])}
            <div class="columns">
                <TextField label=lang.texts_first() value=first kind="date"/>
                <TextField label=lang.texts_last() hint=lang.texts_last_hint() value=last kind="date"/>
                <Select label=lang.texts_owner() hint=lang.texts_owner_hint() value=owner options=owner_options/>
            </div>
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

fn kind_key(kind: Kind) -> String {
    Kind::ALL.iter().position(|one| *one == kind).unwrap_or_default().to_string()
}

fn kind_of(key: &str) -> Kind {
    key.parse::<usize>().ok().and_then(|place| Kind::ALL.get(place).copied()).unwrap_or_default()
}

/// The blanks that are declared, and those that the texts name besides.
fn blanks(
    rows: RwSignal<Vec<Row>>,
    missing: Memo<Vec<String>>,
    declare: impl Fn() + Copy + Send + Sync + 'static,
) -> AnyView {
    let lang = lang();
    let options: Vec<_> =
        Takes::ALL.into_iter().map(|takes| (takes.as_str().to_owned(), takes_name(lang, takes).to_owned())).collect();
    let options = StoredValue::new(options);
    let line = move |row: Row| {
        let name = row.name.get_value();
        let of = |text: &str| [text, " {", &name, "}"].concat();
        let remove_label = of(lang.texts_blank_remove());
        let gone = name.clone();
        let remove = move || rows.update(|rows| rows.retain(|row| row.name.with_value(|name| *name != gone)));
        view! {
            <fieldset class="texts-blank">
                <legend><code>{["{", &name, "}"].concat()}</code></legend>
                <TextField label=lang.texts_blank_label() value=row.label required=true most=80/>
                <Select label=lang.texts_blank_takes() value=row.takes options=options.get_value()/>
                <TextField label=lang.texts_blank_hint() value=row.hint most=120/>
                <Checkbox label=lang.texts_blank_required() checked=row.required
                    on_change=move |required: bool| row.required.set(required)/>
                <Button tone=Tone::Quiet label=remove_label on_press=remove>{lang.texts_blank_remove()}</Button>
            </fieldset>
        }
    };
    let offer = move || {
        let names = missing.get();
        (!names.is_empty()).then(|| {
            let names = names.iter().map(|name| ["{", name, "}"].concat()).collect::<Vec<_>>().join(", ");
            view! {
                <p role="status">{lang.texts_blank_missing(names)}</p>
                <Button on_press=declare>{lang.texts_blank_add()}</Button>
            }
        })
    };
    view! {
        <section class="stack" aria-label=lang.texts_blanks()>
            <h3>{lang.texts_blanks()}</h3>
            <p class="hint">{lang.texts_blanks_text()}</p>
            <For each=move || rows.get() key=|row| row.name.get_value() children=line/>
            {offer}
        </section>
    }
    .into_any()
}

/// Where it usually goes.
fn places(ground: &Ground, channels: RwSignal<Vec<ChannelId>>) -> AnyView {
    let lang = lang();
    let boxes = ground.channels.iter().map(|channel| {
        let (asked, changed) = (channel.id.clone(), channel.id.clone());
        let checked = Signal::derive(move || channels.with(|all| all.contains(&asked)));
        let change = move |wanted: bool| {
            channels.update(|all| {
                all.retain(|one| *one != changed);
                if wanted {
                    all.push(changed.clone());
                }
            });
        };
        view! { <Checkbox label=channel.name.clone() checked on_change=change/> }
    });
    view! {
        <fieldset class="field">
            <legend>{lang.texts_channels()}</legend>
            <p class="hint">{lang.texts_channels_hint()}</p>
            <div class="row">{boxes.collect::<Vec<_>>()}</div>
        </fieldset>
    }
    .into_any()
}

/// What it usually belongs to; nothing where the organisation keeps none of it.
fn themes(ground: &Ground, now: &Belonging, [campaign, pillar, audience, message]: [RwSignal<String>; 4]) -> AnyView {
    let lang = lang();
    let all = &ground.themes;
    let none = || std::iter::once((String::new(), lang.texts_theme_none().to_owned()));
    let campaigns = all.campaigns.iter().filter(|one| !one.archived || Some(&one.id) == now.campaign.as_ref());
    let campaigns: Vec<_> =
        none().chain(campaigns.map(|one| (one.id.to_string(), words::campaign_name(lang, one)))).collect();
    let pillars = all.pillars.iter().filter(|one| !one.archived || Some(&one.id) == now.pillar.as_ref());
    let pillars: Vec<_> =
        none().chain(pillars.map(|one| (one.id.to_string(), words::pillar_name(lang, one)))).collect();
    let audiences = all.audiences.iter().filter(|one| !one.archived || Some(&one.id) == now.audience.as_ref());
    let audiences: Vec<_> =
        none().chain(audiences.map(|one| (one.id.to_string(), words::named_audience(lang, one)))).collect();
    let messages = all.messages.iter().filter(|one| !one.archived || Some(&one.id) == now.message.as_ref());
    let messages: Vec<Message> = messages.cloned().collect();
    // Those of the pillar that is chosen.
    let of_pillar = move || {
        let here = messages.iter().filter(|one| pillar.with(|pillar| one.pillar.as_str() == pillar));
        let here = here.map(|one| (one.id.to_string(), words::message_name(lang, one)));
        let none = std::iter::once((String::new(), lang.texts_theme_none().to_owned()));
        let options: Vec<_> = none.chain(here).collect();
        (options.len() > 1).then(|| view! { <Select label=lang.message_choose() value=message options/> })
    };
    let choice = |label: &'static str, value: RwSignal<String>, options: Vec<(String, String)>| {
        (options.len() > 1).then(|| view! { <Select label value options/> })
    };
    view! {
        <div class="columns">
            {choice(lang.campaign_choose(), campaign, campaigns)}
            {choice(lang.campaign_choose_pillar(), pillar, pillars)}
            {choice(lang.audience_choose(), audience, audiences)}
            {of_pillar}
        </div>
    }
    .into_any()
}
