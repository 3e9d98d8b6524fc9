//! As what a person acts: the role with its explanation, and for an agency the channels and the dates. Shared by the
//! invitation and the change of a member.

use chrono::{Days, NaiveDate, NaiveTime};
use domain::{
    Access, Channel, ChannelId, Moment, Role,
    zone::{Resolved, Zone},
};
use leptos::{ev, prelude::*, task::spawn_local};
use wire::people::{CHANGE_MEMBER, ChangeMember, MemberRow};

use crate::{
    api,
    parts::{ProblemNotice, Work},
    platform::time,
    state::{lang, session, toasts},
    ui::{Button, Checkbox, Dialog, Select, TextField, Tone},
};

/// The signals of a person's place.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// The name.
    pub name: RwSignal<String>,
    /// The address for mail.
    pub email: RwSignal<String>,
    role: RwSignal<String>,
    channels: RwSignal<Vec<ChannelId>>,
    from: RwSignal<String>,
    until: RwSignal<String>,
}

fn with_zone<T>(act: impl FnOnce(&Zone) -> T) -> Option<T> {
    session().me.with_untracked(|me| me.as_ref().map(|me| act(&me.zone)))
}

fn day_of(at: Moment) -> String {
    with_zone(|zone| zone.civil(at).date().to_string()).unwrap_or_default()
}

/// The first instant of a day; where midnight does not exist, the first after it.
fn start_of(day: &str, later: u64) -> Option<Moment> {
    let day = day.parse::<NaiveDate>().ok()?.checked_add_days(Days::new(later))?;
    let resolved = with_zone(|zone| zone.resolve(day.and_time(NaiveTime::MIN)))?;
    Some(match resolved {
        Resolved::One(at) | Resolved::Fold { first: at, .. } | Resolved::Gap { after: at, .. } => at,
    })
}

impl Place {
    /// An author without a name.
    pub fn new() -> Self {
        let text = || RwSignal::new(String::new());
        let place = Self {
            name: text(),
            email: text(),
            role: text(),
            channels: RwSignal::new(Vec::new()),
            from: text(),
            until: text(),
        };
        place.clear();
        place
    }

    /// Empties it.
    pub fn clear(self) {
        let now = time::now();
        self.name.set(String::new());
        self.email.set(String::new());
        self.role.set("1".to_owned());
        self.channels.set(Vec::new());
        self.from.set(day_of(now));
        self.until.set(day_of(now.plus(domain::Millis::days(365))));
    }

    /// Fills it with what a member is.
    pub fn fill(self, member: &MemberRow) {
        self.clear();
        self.name.set(member.name.clone());
        self.email.set(member.email.clone().unwrap_or_default());
        self.role.set(Role::ALL.iter().position(|role| *role == member.role).unwrap_or_default().to_string());
        if let Access::Limited { channels, from, until } = &member.access {
            self.channels.set(channels.clone());
            self.from.set(day_of(*from));
            // The end is exclusive; a person reads the last day.
            self.until.set(day_of(until.minus(domain::Millis(1))));
        }
    }

    fn role_of(place: &str) -> Role {
        place.parse::<usize>().ok().and_then(|place| Role::ALL.get(place).copied()).unwrap_or(Role::Observer)
    }

    /// The name without spaces around it.
    pub fn name_now(self) -> String {
        self.name.get_untracked().trim().to_owned()
    }

    /// The address, if there is one.
    pub fn email_now(self) -> Option<String> {
        Some(self.email.get_untracked().trim().to_owned()).filter(|email| !email.is_empty())
    }

    /// The role.
    pub fn role_now(self) -> Role {
        self.role.with_untracked(|place| Self::role_of(place))
    }

    /// Where and when. Only an agency is limited.
    pub fn access_now(self) -> Access {
        if self.role_now() != Role::Agency {
            return Access::Everywhere;
        }
        let now = time::now();
        let from = self.from.with_untracked(|day| start_of(day, 0)).unwrap_or(now);
        let until = self.until.with_untracked(|day| start_of(day, 1)).unwrap_or(now);
        Access::Limited { channels: self.channels.get_untracked(), from, until }
    }
}

/// The fields of a person's place.
#[component]
pub fn PlaceFields(place: Place) -> impl IntoView {
    let lang = lang();
    let roles: Vec<(String, String)> = Role::ALL
        .iter()
        .enumerate()
        .map(|(number, role)| (number.to_string(), words::role_name(lang, *role).to_owned()))
        .collect();
    let role = Memo::new(move |_| place.role.with(|number| Place::role_of(number)));
    view! {
        <TextField
            label=lang.people_name()
            hint=lang.entry_own_name_hint()
            value=place.name
            required=true
            first=true
            most=120
        />
        <TextField label=lang.entry_email_optional() value=place.email kind="email" most=254/>
        <Select label=lang.people_role() value=place.role options=roles/>
        <p class="hint" aria-live="polite">{move || words::role_explained(lang, role.get())}</p>
        {move || (role.get() == Role::Agency).then(|| view! { <Contract place/> })}
    }
    .into_any()
}

/// The channels and the dates of an agency.
#[component]
fn Contract(place: Place) -> impl IntoView {
    let lang = lang();
    let all = RwSignal::new(Vec::<Channel>::new());
    spawn_local(async move {
        if let Ok(found) = api::call(&wire::channels::CHANNELS, &[], &wire::Nothing {}).await {
            all.set(found);
        }
    });
    let channel = move |channel: Channel| {
        let (asked, changed) = (channel.id.clone(), channel.id);
        let checked = Signal::derive(move || place.channels.with(|channels| channels.contains(&asked)));
        let change = move |wanted: bool| {
            place.channels.update(|channels| {
                channels.retain(|other| *other != changed);
                if wanted {
                    channels.push(changed.clone());
                }
            });
        };
        view! { <Checkbox label=channel.name checked=checked on_change=change/> }
    };
    view! {
        <fieldset class="field">
            <legend>{lang.people_contract_channels()}</legend>
            <div class="row">{move || all.get().into_iter().map(channel).collect_view()}</div>
        </fieldset>
        <div class="columns">
            <TextField label=lang.people_contract_from() kind="date" value=place.from required=true/>
            <TextField label=lang.people_contract_until() kind="date" value=place.until required=true/>
        </div>
    }
    .into_any()
}

/// Changes a member.
#[component]
pub fn EditMember(
    /// Whether it is shown.
    open: RwSignal<bool>,
    /// Whom.
    member: RwSignal<Option<MemberRow>>,
    /// What happens then.
    #[prop(into)]
    on_changed: Callback<()>,
) -> impl IntoView {
    let lang = lang();
    let (place, work) = (Place::new(), Work::new());
    Effect::new(move |_| {
        if let (true, Some(member)) = (open.get(), member.get()) {
            place.fill(&member);
            work.problem.set(None);
        }
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Some(member) = member.get_untracked() else { return };
        let change = ChangeMember {
            name: place.name_now(),
            email: place.email_now(),
            role: place.role_now(),
            access: place.access_now(),
        };
        work.run(async move { api::call(&CHANGE_MEMBER, &[member.id.as_str()], &change).await }, move |_| {
            open.set(false);
            toasts::done(lang.general_saved());
            on_changed.run(());
        });
    };
    view! {
        <Dialog open=open title=lang.people_edit_title() close=lang.general_close()>
            <form class="stack" on:submit=submit>
                <PlaceFields place/>
                <ProblemNotice problem=work.problem/>
                <div class="actions end">
                    <Button on_press=move || open.set(false)>{lang.general_cancel()}</Button>
                    <Button tone=Tone::Primary submit=true busy=work.busy>{lang.general_save()}</Button>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}
