//! What is looked for: words as one types, days, subject, person, channel; and of which post, where one came from there.

use std::time::Duration;

use chrono::{Days, NaiveDate, NaiveTime};
use domain::{Moment, record::Subject, zone::Resolved};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use wire::records::Found;
use words::subject_name;

use super::Asked;
use crate::{
    pages::around::Road,
    routes,
    state::{lang, session},
    ui::{Button, Glyph, Select, TextField},
};

/// Who stands in the address for what the engine does by itself.
pub const ENGINE: &str = "engine";

/// Who types a word is not asked after each letter.
const TYPING: Duration = Duration::from_millis(400);

/// The first moment of a day in the town, or of one so many days later.
pub fn start_of(day: &str, later: u64) -> Option<Moment> {
    let day = day.parse::<NaiveDate>().ok()?.checked_add_days(Days::new(later))?;
    let zone = session().me.with_untracked(|me| me.as_ref().map(|me| me.zone.clone()))?;
    Some(match zone.resolve(day.and_time(NaiveTime::MIN)) {
        Resolved::One(at) | Resolved::Fold { first: at, .. } | Resolved::Gap { after: at, .. } => at,
    })
}

/// The fields. They follow the address, and the address follows them.
#[component]
pub fn Filters(asked: Memo<Asked>, road: Road, first: Found) -> AnyView {
    let lang = lang();
    let fields: [RwSignal<String>; 6] = std::array::from_fn(|_| RwSignal::new(String::new()));
    let [text, from, until, subject, who, channel] = fields;
    let places = |asked: &Asked| {
        let Asked { text, from, until, subject, who, channel, .. } = asked.clone();
        [text, from, until, subject, who, channel].map(Option::unwrap_or_default)
    };
    Effect::new(move |_| {
        let stand = asked.with(places);
        for (field, value) in fields.iter().zip(stand) {
            if field.with_untracked(|field| field.trim() != value) {
                field.set(value);
            }
        }
    });
    let go = move || {
        let filled =
            |field: RwSignal<String>| Some(field.get_untracked().trim().to_owned()).filter(|text| !text.is_empty());
        let next = Asked {
            text: filled(text),
            from: filled(from),
            until: filled(until),
            subject: filled(subject),
            who: filled(who),
            channel: filled(channel),
            post: asked.with_untracked(|asked| asked.post.clone()),
            cursor: None,
        };
        let same = asked.with_untracked(|asked| Asked { cursor: None, ..asked.clone() } == next);
        if !same {
            road.instead(next.address());
        }
    };
    Effect::watch(move || [from, until, subject, who, channel].map(|field| field.get()), move |_, _, _| go(), false);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(Some(timer)) = timer.try_get_value() {
            timer.clear();
        }
    };
    Effect::watch(
        move || text.get(),
        move |_, _, _| {
            stop();
            timer.set_value(set_timeout_with_handle(go, TYPING).ok());
        },
        false,
    );
    on_cleanup(stop);
    let any = (String::new(), lang.record_any().to_owned());
    let listed = |rest: Vec<(String, String)>| std::iter::once(any.clone()).chain(rest).collect::<Vec<_>>();
    let subjects = Subject::ALL.iter().map(|one| (one.name().to_owned(), subject_name(lang, *one).to_owned()));
    let people = first.members.iter().map(|(id, name)| (id.to_string(), name.clone()));
    let people = std::iter::once((ENGINE.to_owned(), lang.trail_engine().to_owned())).chain(people);
    let channels = first.channels.iter().map(|(id, name)| (id.to_string(), name.clone()));
    let (subjects, people, channels) =
        (listed(subjects.collect()), listed(people.collect()), listed(channels.collect()));
    let clear = move || road.to(routes::RECORD.to_owned());
    view! {
        <form class="record-filters" role="search" aria-label=lang.record_search() on:submit=move |event| {
            event.prevent_default();
            go();
        }>
            <TextField label=lang.record_text() hint=lang.record_text_hint() kind="search" value=text/>
            <div class="record-filter-row">
                <TextField label=lang.record_from() kind="date" value=from/>
                <TextField label=lang.record_until() kind="date" value=until/>
                <Select label=lang.record_subject() value=subject options=subjects/>
                <Select label=lang.record_who() value=who options=people/>
                <Select label=lang.record_channel() value=channel options=channels/>
            </div>
            {move || asked.with(|asked| asked.post.is_some()).then(|| view! {
                <p class="hint">{lang.record_of_post()}</p>
            })}
            {move || asked.with(Asked::is_narrow).then(|| view! {
                <div class="actions"><Button glyph=Glyph::Cross on_press=clear>{lang.record_everything()}</Button></div>
            })}
        </form>
    }
    .into_any()
}
