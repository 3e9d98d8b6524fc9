//! The protocol for emergencies: who may publish without waiting, with how many people, and who ratifies it. What is
//! missing in it is said before it is saved, with the rule that the engine obeys.

use domain::{
    Act, Millis,
    emergency::{Before, Gap, Protocol},
    party::Party,
};
use leptos::{ev, prelude::*};
use wire::bylaws::{PREPARE, Prepare, Standing};

use super::{
    Town,
    draw::bound,
    step::{options_of, party_of, party_word},
};
use crate::{
    api,
    parts::{ProblemNotice, Work},
    state::{lang, toasts},
    ui::{Button, Glyph, Gravity, Notice, Select, Tone},
};

/// The times that are offered, in hours of the clock.
const HOURS: [i64; 7] = [1, 2, 4, 12, 24, 48, 72];

/// What is being drawn: the parties stay when the form changes.
#[derive(Debug, Clone, PartialEq)]
struct Drawn {
    form: String,
    hours: i64,
    publish: Vec<Party>,
    ratify: Vec<Party>,
}

impl Drawn {
    fn of(protocol: Option<&Protocol>) -> Self {
        let role = |role| vec![Party::Role { role }];
        let fresh = Self {
            form: "none".to_owned(),
            hours: 24,
            publish: role(domain::Role::Author),
            ratify: role(domain::Role::Approver),
        };
        let Some(protocol) = protocol.cloned() else { return fresh };
        let (form, hours) = match protocol.before {
            Before::Two => ("two", fresh.hours),
            Before::One { within } => ("one", within.0 / Millis::hours(1).0),
        };
        let ratify = if protocol.ratify.is_empty() { fresh.ratify } else { protocol.ratify };
        Self { form: form.to_owned(), hours, publish: protocol.publish, ratify }
    }

    fn protocol(&self) -> Option<Protocol> {
        let (before, ratify) = match self.form.as_str() {
            "two" => (Before::Two, Vec::new()),
            "one" => (Before::One { within: Millis::hours(self.hours) }, self.ratify.clone()),
            _ => return None,
        };
        Some(Protocol { publish: self.publish.clone(), ratify, before })
    }
}

/// The protocol.
#[component]
pub fn Emergencies(town: Town, saved: Callback<Standing>) -> AnyView {
    let lang = lang();
    let stands = town.standing.bylaws.emergency.clone();
    let drawn = RwSignal::new(Drawn::of(stands.as_ref()));
    let manages = town.manages;
    let town = StoredValue::new(town);
    let gaps = Memo::new(move |_| {
        let protocol = drawn.with(Drawn::protocol);
        protocol.map(|protocol| protocol.gaps(&town.with_value(Town::people))).unwrap_or_default()
    });
    let changed = Memo::new(move |_| drawn.with(Drawn::protocol) != stands);
    let stops = move || gaps.with(|gaps| gaps.iter().any(Gap::stops));
    let work = Work::new();
    let save = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let version = town.with_value(|town| town.standing.version);
        let asked = Prepare { version, protocol: drawn.with_untracked(Drawn::protocol) };
        work.run(async move { api::call(&PREPARE, &[], &asked).await }, move |standing| {
            toasts::done(lang.general_saved());
            saved.run(standing);
        });
    };
    let form = bound(&drawn.with_untracked(|drawn| drawn.form.clone()), move |chosen| {
        drawn.update(|drawn| drawn.form = chosen.to_owned());
    });
    let within = bound(&drawn.with_untracked(|drawn| drawn.hours.to_string()), move |chosen| {
        if let Ok(hours) = chosen.parse() {
            drawn.update(|drawn| drawn.hours = hours);
        }
    });
    let forms = vec![
        ("none".to_owned(), lang.emergency_form_none().to_owned()),
        ("two".to_owned(), lang.emergency_form_two().to_owned()),
        ("one".to_owned(), lang.emergency_form_one().to_owned()),
    ];
    let parties = StoredValue::new(town.with_value(|town| options_of(town, Act::Emergency)));
    let shape = Memo::new(move |_| drawn.with(|drawn| drawn.form.clone()));
    let fields = move || {
        let form = shape.get();
        if form == "none" {
            return ().into_any();
        }
        let mut times: Vec<i64> = HOURS.into();
        let now = drawn.with_untracked(|drawn| drawn.hours);
        if !times.contains(&now) {
            times.push(now);
        }
        let times = times.into_iter().map(|count| (count.to_string(), lang.general_hours(count))).collect::<Vec<_>>();
        let publish = if form == "two" { lang.emergency_publish_two() } else { lang.emergency_publish() };
        view! {
            {party_list(publish, drawn, Whom::Publish, parties)}
            {(form == "one").then(|| view! {
                {party_list(lang.emergency_ratify(), drawn, Whom::Ratify, parties)}
                <Select label=lang.emergency_within() hint=lang.emergency_within_hint() value=within options=times/>
            })}
            <p class="hint">{lang.emergency_rules()}</p>
        }
        .into_any()
    };
    view! {
        <section class="card" aria-labelledby="emergency-protocol">
            <h2 id="emergency-protocol">{lang.emergency_protocol()}</h2>
            <p class="soft">{lang.emergency_protocol_text()}</p>
            <form class="stack" on:submit=save>
                <fieldset class="stack" disabled=!manages aria-labelledby="emergency-protocol">
                    <Select label=lang.emergency_form() value=form options=forms/>
                    {fields}
                    <div role="status" class="stack">
                        {move || gaps.get().iter().map(|gap| {
                            let said = words::gap(lang, gap, &whom(gap, town, parties));
                            let gravity = if gap.stops() { Gravity::Bad } else { Gravity::Warn };
                            view! { <Notice gravity title=said.what><p>{said.next}</p></Notice> }
                        }).collect_view()}
                    </div>
                    <ProblemNotice problem=work.problem/>
                    {manages.then(|| view! {
                        <div class="actions end">
                            <Button tone=Tone::Primary submit=true busy=work.busy
                                disabled=Signal::derive(move || stops() || !changed.get())>{lang.emergency_save()}</Button>
                        </div>
                    })}
                </fieldset>
            </form>
        </section>
    }
    .into_any()
}

/// The name of whom a gap speaks of.
fn whom(gap: &Gap, town: StoredValue<Town>, parties: StoredValue<Vec<(String, String)>>) -> String {
    match gap {
        Gap::NobodyElse { member } | Gap::StuckWhenWriting { member } => town.with_value(|town| town.member(member)),
        Gap::NobodyFits { party } => {
            let word = party_word(party);
            let named =
                parties.with_value(|all| all.iter().find(|(other, _)| *other == word).map(|(_, name)| name.clone()));
            named.unwrap_or_else(|| lang().general_unknown().to_owned())
        }
        Gap::NobodyPublishes | Gap::Outside { .. } | Gap::BadTime => String::new(),
    }
}

/// Which of the two lists.
#[derive(Debug, Clone, Copy)]
enum Whom {
    Publish,
    Ratify,
}

impl Whom {
    fn list(self, drawn: &mut Drawn) -> &mut Vec<Party> {
        match self {
            Whom::Publish => &mut drawn.publish,
            Whom::Ratify => &mut drawn.ratify,
        }
    }
}

fn party_list(
    title: &'static str,
    drawn: RwSignal<Drawn>,
    whom: Whom,
    options: StoredValue<Vec<(String, String)>>,
) -> AnyView {
    let lang = lang();
    // Drawn anew when one comes or goes; what is chosen in them is their own.
    let count = Memo::new(move |_| drawn.with(|drawn| whom.list(&mut drawn.clone()).len()));
    let add = move || {
        let first = options.with_value(|options| options.first().and_then(|(word, _)| party_of(word)));
        drawn.update(|drawn| whom.list(drawn).extend(first));
    };
    let lines = move || {
        let of = count.get();
        (0..of)
            .map(|place| {
                let now = drawn.with_untracked(|drawn| whom.list(&mut drawn.clone()).get(place).cloned());
                let mut choices = options.get_value();
                let word = now.as_ref().map(party_word).unwrap_or_default();
                // Somebody whose role changed since still stands there, and is said to fit no more.
                if !choices.iter().any(|(other, _)| *other == word) {
                    choices.push((word.clone(), lang.general_unknown().to_owned()));
                }
                let party = bound(&word, move |chosen| {
                    if let Some(party) = party_of(chosen) {
                        drawn.update(|drawn| {
                            if let Some(slot) = whom.list(drawn).get_mut(place) {
                                *slot = party;
                            }
                        });
                    }
                });
                let remove = move || {
                    drawn.update(|drawn| {
                        whom.list(drawn).remove(place);
                    });
                };
                view! {
                    <div class="circuit-seat">
                        <Select label=lang.emergency_party() value=party options=choices/>
                        {(of > 1).then(|| view! { <Button tone=Tone::Quiet on_press=remove>{lang.general_remove()}</Button> })}
                    </div>
                }
                .into_any()
            })
            .collect::<Vec<_>>()
    };
    view! {
        <fieldset class="stack">
            <legend>{title}</legend>
            {lines}
            <div class="actions"><Button tone=Tone::Quiet glyph=Glyph::Plus on_press=add>{lang.emergency_party_add()}</Button></div>
        </fieldset>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_is_what_stood() {
        let role = |role| vec![Party::Role { role }];
        let (publish, ratify) = (role(domain::Role::Community), role(domain::Role::Administrator));
        let one = Protocol { publish: publish.clone(), ratify, before: Before::One { within: Millis::hours(4) } };
        let two = Protocol { publish, ratify: Vec::new(), before: Before::Two };
        for protocol in [Some(one), Some(two), None] {
            assert_eq!(Drawn::of(protocol.as_ref()).protocol(), protocol);
        }
    }
}
