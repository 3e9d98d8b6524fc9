//! One step of a circuit: who sits in it, how many must agree, and what they answer for.

use domain::{
    CircuitId, Language, MemberId, Role, StepId, UnitId,
    bylaws::Draft,
    circuit::{Deadline, Quorum, Rung, Seat, Sight, Silence, Step},
    hours::WorkMinutes,
    may,
    party::{Mailbox, Party},
};
use leptos::prelude::*;
use words::{language_name, role_name};

use super::{
    Town,
    draw::{bound, with_circuit},
};
use crate::{
    state::{lang, session},
    ui::{Button, Glyph, Select, TextField, Tone},
};

/// More seats alike than this are a unit.
const MOST_PLACES: u8 = 9;

/// A step.
#[component]
pub fn StepForm(
    town: StoredValue<Town>,
    draft: RwSignal<Draft>,
    circuit: CircuitId,
    step: StepId,
    /// Its place, from 0.
    place: usize,
    /// How many steps there are.
    count: usize,
) -> AnyView {
    let lang = lang();
    let ids = StoredValue::new((circuit, step));
    let read = move || {
        let (circuit, step) = ids.get_value();
        draft.with(|draft| {
            let circuit = draft.circuits.iter().find(|one| one.id == circuit)?;
            circuit.steps.iter().find(|one| one.id == step).cloned()
        })
    };
    let Some(now) = untrack(read) else { return ().into_any() };
    let change = move |change: Box<dyn FnOnce(&mut Step)>| {
        let (circuit, step) = ids.get_value();
        with_circuit(draft, &circuit, |circuit| {
            if let Some(step) = circuit.steps.iter_mut().find(|one| one.id == step) {
                change(step);
            }
        });
    };
    let usual_name = || lang.circuits_step_usual().to_owned();
    let name = bound(&Some(now.name.clone()).filter(|name| !name.is_empty()).unwrap_or_else(usual_name), move |name| {
        let name = name.to_owned();
        change(Box::new(|step| step.name = name));
    });
    let quorum = bound(&quorum_word(now.quorum), move |chosen| {
        let quorum = quorum_of(chosen);
        change(Box::new(move |step| step.quorum = quorum));
    });
    let sight = bound(&sight_word(&now.sight), move |chosen| {
        let sight = sight_of(chosen);
        change(Box::new(move |step| step.sight = sight));
    });
    let within = bound(&within_word(&now), move |chosen| {
        let hours = chosen.parse::<u32>().ok();
        change(Box::new(move |step| step.deadline = hours.map(|hours| deadline_of(hours, step.ladder()))));
    });
    let silence = bound(&silence_word(&now), move |chosen| {
        let ladder = party_of(chosen).map(|party| vec![Rung { after: AFTER, party }]);
        change(Box::new(move |step| {
            if let Some(deadline) = &mut step.deadline {
                deadline.silence = ladder.map_or(Silence::Hold, |ladder| Silence::Escalate { ladder });
            }
        }));
    });
    let hurried = Memo::new(move |_| within.with(|word| word != "none"));
    // The seats are drawn anew when one comes or goes; what is chosen in them is their own.
    let seats = Memo::new(move |_| read().map_or(0, |step| step.seats.len()));
    let places = Memo::new(move |_| read().map_or(0, |step| step.places().len()));
    let quorums = move || {
        let mut options = vec![
            ("any".to_owned(), lang.circuits_quorum_any().to_owned()),
            ("all".to_owned(), lang.circuits_quorum_all().to_owned()),
        ];
        let most = places.get().max(usize::from(quorum.with_untracked(|word| word.parse::<u8>().unwrap_or(0))));
        options.extend((2..most.max(2)).map(|count| (count.to_string(), lang.circuits_quorum_some(count))));
        options
    };
    let party_options = StoredValue::new(town.with_value(party_options));
    let add_seat = move || {
        let party = Party::Role { role: Role::Approver };
        change(Box::new(|step| step.seats.push(Seat::from(party))));
    };
    let shift = move |by: isize| {
        let (circuit, step) = ids.get_value();
        with_circuit(draft, &circuit, |circuit| {
            let Some(at) = circuit.steps.iter().position(|one| one.id == step) else { return };
            let to = at.saturating_add_signed(by).min(circuit.steps.len() - 1);
            circuit.steps.swap(at, to);
        });
    };
    let remove = move || {
        let (circuit, step) = ids.get_value();
        with_circuit(draft, &circuit, |circuit| circuit.steps.retain(|one| one.id != step));
    };
    let seat_forms = move || {
        (0..seats.get())
            .map(|seat| seat_form(seat, seats.get_untracked(), read, change, party_options))
            .collect::<Vec<_>>()
    };
    view! {
        <li class="circuit-step">
            <TextField label=lang.circuits_step_name() value=name required=true most=100/>
            <fieldset class="stack">
                <legend>{lang.circuits_seats()}</legend>
                {seat_forms}
                <div class="actions"><Button tone=Tone::Quiet glyph=Glyph::Plus on_press=add_seat>{lang.circuits_seat_add()}</Button></div>
            </fieldset>
            {move || view! { <Select label=lang.circuits_quorum() value=quorum options=quorums()/> }}
            <Select label=lang.circuits_sight() hint=lang.circuits_sight_hint() value=sight options=town.with_value(sight_options)/>
            <Select label=lang.circuits_within() hint=lang.circuits_within_hint() value=within options=within_options()/>
            {move || hurried.get().then(|| view! {
                <Select label=lang.circuits_silence() value=silence options=silence_options(party_options.get_value())/>
            })}
            <div class="actions">
                {(place > 0).then(|| view! { <Button tone=Tone::Quiet on_press=move || shift(-1)>{lang.circuits_earlier()}</Button> })}
                {(place + 1 < count).then(|| view! { <Button tone=Tone::Quiet on_press=move || shift(1)>{lang.circuits_later()}</Button> })}
                {(count > 1).then(|| view! { <Button tone=Tone::Quiet on_press=remove>{lang.circuits_step_remove()}</Button> })}
            </div>
        </li>
    }
    .into_any()
}

/// How long after the end of the time more people are asked: the first rung of the ladder.
const AFTER: WorkMinutes = WorkMinutes(30);

/// The times that are offered, in hours of work: from an emergency to a week.
const HOURS: [u32; 6] = [1, 2, 4, 7, 14, 35];

/// Half of the time is over before anybody is reminded.
fn deadline_of(hours: u32, ladder: &[Rung]) -> Deadline {
    let within = WorkMinutes::hours(hours);
    let silence = if ladder.is_empty() { Silence::Hold } else { Silence::Escalate { ladder: ladder.to_vec() } };
    Deadline { within, reminders: vec![WorkMinutes(within.0 / 2)], silence }
}

fn within_word(step: &Step) -> String {
    step.deadline.as_ref().map_or_else(|| "none".to_owned(), |deadline| (deadline.within.0 / 60).to_string())
}

fn within_options() -> Vec<(String, String)> {
    let none = ("none".to_owned(), lang().circuits_within_none().to_owned());
    let hours = HOURS.into_iter().map(|hours| (hours.to_string(), lang().circuits_within_hours(hours as usize)));
    std::iter::once(none).chain(hours).collect()
}

fn silence_word(step: &Step) -> String {
    step.ladder().first().map_or_else(|| "hold".to_owned(), |rung| party_word(&rung.party))
}

fn silence_options(parties: Vec<(String, String)>) -> Vec<(String, String)> {
    let hold = ("hold".to_owned(), lang().circuits_silence_hold().to_owned());
    let ask = parties.into_iter().map(|(word, name)| (word, lang().circuits_silence_ask(name)));
    std::iter::once(hold).chain(ask).collect()
}

fn seat_form(
    place: usize,
    of: usize,
    read: impl Fn() -> Option<Step> + Copy + Send + Sync + 'static,
    change: impl Fn(Box<dyn FnOnce(&mut Step)>) + Copy + Send + Sync + 'static,
    options: StoredValue<Vec<(String, String)>>,
) -> AnyView {
    let lang = lang();
    let Some(seat) = untrack(read).and_then(|step| step.seats.get(place).cloned()) else { return ().into_any() };
    let address = match &seat.party {
        Party::Outside { mailbox } => mailbox.as_str().to_owned(),
        _ => String::new(),
    };
    let sit = move |party: Party| {
        change(Box::new(move |step| {
            if let Some(seat) = step.seats.get_mut(place) {
                // One address is one person; a language is spoken to nobody else.
                let before = std::mem::replace(seat, Seat::from(party));
                match seat.party {
                    Party::Outside { .. } => seat.language = before.language,
                    _ => seat.places = before.places,
                }
            }
        }));
    };
    let chosen = if address.is_empty() { party_word(&seat.party) } else { OUTSIDE.to_owned() };
    let party = bound(&chosen, move |chosen| {
        if let Some(party) = party_of(chosen) {
            sit(party);
        }
    });
    // Whoever was in the seat stays there until an address is one: half of one is nobody's.
    let mailbox = bound(&address, move |typed| {
        if let Ok(mailbox) = typed.parse::<Mailbox>() {
            sit(Party::Outside { mailbox });
        }
    });
    let language = bound(seat.language.as_ref().map_or("", Language::as_str), move |chosen| {
        let language = chosen.parse::<Language>().ok();
        change(Box::new(move |step| {
            if let Some(seat) = step.seats.get_mut(place) {
                seat.language = language;
            }
        }));
    });
    let is_outside = Memo::new(move |_| party.with(|word| word == OUTSIDE));
    let bad = Signal::derive(move || {
        let wrong = mailbox.with(|typed| typed.parse::<Mailbox>().is_err());
        wrong.then(|| lang.outside_mailbox_bad().to_owned())
    });
    let no_mail = session().boot.with_untracked(|boot| boot.as_ref().is_some_and(|boot| !boot.mail));
    let places = bound(&seat.places.to_string(), move |chosen| {
        let places = chosen.parse().unwrap_or(1);
        change(Box::new(move |step| {
            if let Some(seat) = step.seats.get_mut(place) {
                seat.places = places;
            }
        }));
    });
    let mut choices = options.get_value();
    choices.push((OUTSIDE.to_owned(), lang.outside_who().to_owned()));
    let counts = (1..=MOST_PLACES).map(|count| (count.to_string(), count.to_string())).collect::<Vec<_>>();
    let remove = move || {
        change(Box::new(move |step| {
            if place < step.seats.len() {
                step.seats.remove(place);
            }
        }));
    };
    view! {
        <div class="circuit-seat">
            <Select label=lang.circuits_seat() value=party options=choices/>
            {move || if is_outside.get() {
                view! {
                    <TextField label=lang.outside_mailbox() hint=lang.outside_mailbox_hint() kind="email" value=mailbox
                        error=bad required=true most=254/>
                    <Select label=lang.outside_language() value=language options=language_options()/>
                    {no_mail.then(|| view! { <p class="error" role="status">{lang.outside_no_mail()}</p> })}
                }
                .into_any()
            } else {
                view! { <Select label=lang.circuits_places() value=places options=counts.clone()/> }.into_any()
            }}
            {(of > 1).then(|| view! { <Button tone=Tone::Quiet on_press=remove>{lang.general_remove()}</Button> })}
        </div>
    }
    .into_any()
}

/// The word for somebody outside whose address is in a field of its own.
const OUTSIDE: &str = "outside";

/// The languages in which somebody outside can be spoken to: those of the organisation that our words are in.
fn language_options() -> Vec<(String, String)> {
    let lang = lang();
    let mut options = vec![(String::new(), lang.outside_language_first().to_owned())];
    let languages = session().me.with_untracked(|me| me.as_ref().map(|me| me.organisation.languages.clone()));
    let spoken = |language: &&Language| words::Lang::of_tag(language.as_str()).is_some();
    options.extend(
        languages
            .unwrap_or_default()
            .iter()
            .filter(spoken)
            .map(|language| (language.to_string(), language_name(lang, language).into_owned())),
    );
    options
}

fn quorum_word(quorum: Quorum) -> String {
    match quorum {
        Quorum::Any => "any".to_owned(),
        Quorum::All => "all".to_owned(),
        Quorum::AtLeast { count } => count.to_string(),
    }
}

fn quorum_of(word: &str) -> Quorum {
    match word {
        "all" => Quorum::All,
        number => number.parse().map_or(Quorum::Any, |count| Quorum::AtLeast { count }),
    }
}

fn sight_word(sight: &Sight) -> String {
    match sight {
        Sight::Everything => "everything".to_owned(),
        Sight::Languages { these } => ["language:", &join(these.iter().map(ToString::to_string))].concat(),
        Sight::Channels { these } => ["channel:", &join(these.iter().map(ToString::to_string))].concat(),
    }
}

fn join(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join(",")
}

fn sight_of(word: &str) -> Sight {
    let listed = |rest: &str| rest.split(',').map(str::to_owned).collect::<Vec<_>>();
    match word.split_once(':') {
        Some(("language", rest)) => {
            Sight::Languages { these: listed(rest).iter().filter_map(|tag| tag.parse::<Language>().ok()).collect() }
        }
        Some(("channel", rest)) => {
            Sight::Channels { these: listed(rest).iter().filter_map(|id| id.parse().ok()).collect() }
        }
        _ => Sight::Everything,
    }
}

fn sight_options(town: &Town) -> Vec<(String, String)> {
    let lang = lang();
    let mut options = vec![("everything".to_owned(), lang.circuits_sight_everything().to_owned())];
    let languages = session().me.with_untracked(|me| me.as_ref().map(|me| me.organisation.languages.clone()));
    options.extend(languages.unwrap_or_default().iter().map(|language| {
        let name = language_name(lang, language).into_owned();
        (["language:", language.as_str()].concat(), lang.circuits_sight_language(name))
    }));
    options.extend(town.channels.iter().map(|channel| {
        (["channel:", channel.id.as_str()].concat(), lang.circuits_sight_channel(channel.name.clone()))
    }));
    options
}

fn party_word(party: &Party) -> String {
    match party {
        Party::Member { member } => ["member:", member.as_str()].concat(),
        Party::Unit { unit } => ["unit:", unit.as_str()].concat(),
        Party::Outside { mailbox } => ["outside:", mailbox.as_str()].concat(),
        Party::Role { role } => {
            let place = Role::ALL.iter().position(|one| one == role).unwrap_or_default();
            ["role:", &place.to_string()].concat()
        }
    }
}

fn party_of(word: &str) -> Option<Party> {
    let (kind, rest) = word.split_once(':')?;
    Some(match kind {
        "member" => Party::Member { member: rest.parse::<MemberId>().ok()? },
        "unit" => Party::Unit { unit: rest.parse::<UnitId>().ok()? },
        "outside" => Party::Outside { mailbox: rest.parse::<Mailbox>().ok()? },
        _ => Party::Role { role: *Role::ALL.get(rest.parse::<usize>().ok()?)? },
    })
}

/// Roles that decide, units, and everybody who decides by name.
fn party_options(town: &Town) -> Vec<(String, String)> {
    let lang = lang();
    let decides = |role: Role| may(role, domain::Act::Decide);
    let roles = Role::ALL
        .into_iter()
        .filter(|role| decides(*role))
        .map(|role| (party_word(&Party::Role { role }), lang.circuits_party_role(role_name(lang, role))));
    let units =
        town.standing.bylaws.units.iter().map(|unit| {
            (party_word(&Party::Unit { unit: unit.id.clone() }), lang.circuits_party_unit(unit.name.clone()))
        });
    let members = town
        .standing
        .colleagues
        .iter()
        .filter(|colleague| decides(colleague.role))
        .map(|colleague| (party_word(&Party::Member { member: colleague.id.clone() }), town.member(&colleague.id)));
    roles.chain(units).chain(members).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chosen_is_what_was_there() {
        for quorum in [Quorum::Any, Quorum::All, Quorum::AtLeast { count: 3 }] {
            assert_eq!(quorum_of(&quorum_word(quorum)), quorum);
        }
        let parties = [
            Party::Role { role: Role::Approver },
            Party::Member { member: MemberId::from_bits(3) },
            Party::Unit { unit: UnitId::from_bits(4) },
        ];
        for party in parties {
            assert_eq!(party_of(&party_word(&party)), Some(party));
        }
        let sights = [Sight::Everything, Sight::Languages { these: vec![Language::spanish()] }];
        for sight in sights {
            assert_eq!(sight_of(&sight_word(&sight)), sight);
        }
    }
}
