//! Who answers for the account behind a channel: on its card, and the dialog in which it is said.

use domain::{
    Channel, ChannelId, MemberId, Refusal, Role,
    custody::{Custody, ENOUGH, Keeper, Standing},
};
use leptos::{ev, prelude::*};
use wire::{
    Nothing,
    custody::{APPOINT, Appoint, CUSTODY},
    people::{MEMBERS, MemberRow},
};
use words::Sentence;

use crate::{
    api,
    pages::around,
    parts::{ProblemNotice, Work},
    platform::time::{self, Form},
    state::{lang, toasts},
    ui::{Button, Dialog, Glyph, Gravity, Notice, Select, Skeleton, Tone},
};

/// Who answers for every account, once it is there.
pub type All = RwSignal<Option<Vec<Custody>>>;

/// Members as custody sees them. Who left is on no list of members.
pub fn keepers(members: Vec<MemberRow>) -> Vec<Keeper> {
    let keeper = |MemberRow { id, name, role, access, .. }: MemberRow| Keeper { id, name, role, access, left: false };
    members.into_iter().map(keeper).collect()
}

/// An option of a choice among people: who, and as what.
pub fn option(keeper: &Keeper) -> (String, String) {
    let role: Role = keeper.role;
    (keeper.id.to_string(), [keeper.name.as_str(), " · ", words::role_name(lang(), role)].concat())
}

/// If somebody else was faster, what stands now is fetched: whoever repeats it starts from there.
pub async fn or_again(answer: api::Answer<Vec<Custody>>, all: All) -> api::Answer<Vec<Custody>> {
    if matches!(&answer, Err(problem) if problem.refusal() == Some(&Refusal::CustodyElsewhere))
        && let Ok(now) = api::call(&CUSTODY, &[], &Nothing {}).await
    {
        let _ = all.try_set(Some(now));
    }
    answer
}

/// On the card of a channel. What can be pressed stands outside of what is drawn anew: the focus stays where it was.
#[component]
pub fn Holders(channel: Channel, all: All, names: bool) -> impl IntoView {
    let lang = lang();
    let id = channel.id;
    let custody = Memo::new(move |_| {
        all.with(|all| all.as_ref()?.iter().find(|custody| custody.channel == id && custody.is_wanted()).cloned())
    });
    let open = RwSignal::new(false);
    let label = [lang.custody_name(), ": ", &channel.name].concat();
    view! {
        <div class="custody" hidden=move || custody.with(Option::is_none)>
            {move || custody.get().map(facts)}
            {names
                .then(|| {
                    view! {
                        <div class="row">
                            <Button glyph=Glyph::Key label on_press=move || open.set(true)>{lang.custody_name()}</Button>
                        </div>
                        <Naming open custody all/>
                    }
                })}
        </div>
    }
    .into_any()
}

fn facts(custody: Custody) -> AnyView {
    let lang = lang();
    let connected = custody.connected.map(|at| {
        let when = around::when(at, Form::Full);
        custody.by.as_ref().map_or(when.clone(), |(_, who)| lang.custody_connected_by(when, who))
    });
    let holders: Vec<_> = custody.custodians.iter().map(|one| words::custodian_said(lang, one)).collect();
    let holders = if holders.is_empty() { lang.custody_holders_none().to_owned() } else { holders.join(", ") };
    let worry = custody.worry().map(|worry| words::worry(lang, worry));
    view! {
        <dl class="facts">
            {connected.map(|connected| view! { <div><dt>{lang.custody_connected()}</dt><dd>{connected}</dd></div> })}
            <div><dt>{lang.custody_holders()}</dt><dd>{holders}</dd></div>
        </dl>
        {worry
            .map(|Sentence { what, next }| view! { <Notice gravity=Gravity::Warn title=what><p>{next}</p></Notice> })}
    }
    .into_any()
}

/// Says who answers for a channel.
#[component]
fn Naming(open: RwSignal<bool>, custody: Memo<Option<Custody>>, all: All) -> impl IntoView {
    let lang = lang();
    let members = RwSignal::new(None::<Vec<Keeper>>);
    let places: [RwSignal<String>; ENOUGH] = [RwSignal::new(String::new()), RwSignal::new(String::new())];
    let (loading, saving) = (Work::new(), Work::new());
    Effect::new(move |_| {
        let (true, Some(custody)) = (open.get(), custody.get_untracked()) else { return };
        saving.problem.set(None);
        let mut stand = custody.custodians.iter().filter(|one| one.standing == Standing::Stands);
        for place in places {
            place.set(stand.next().map(|one| one.member.to_string()).unwrap_or_default());
        }
        // Asked anew each time: fields that stood there would be drawn again under somebody's hands.
        members.set(None);
        loading.run(api::call(&MEMBERS, &[], &Nothing {}), move |found| members.set(Some(keepers(found))));
    });
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Some(Custody { channel, custodians, .. }) = custody.get_untracked() else { return };
        let named = places.iter().filter_map(|place| place.with_untracked(|id| id.parse::<MemberId>().ok()));
        let before = custodians.into_iter().map(|one| one.member).collect();
        let asked = Appoint { before, custodians: named.collect() };
        let call = async move { or_again(api::call(&APPOINT, &[channel.as_str()], &asked).await, all).await };
        saving.run(call, move |now| {
            open.set(false);
            all.set(Some(now));
            toasts::done(lang.custody_kept());
        });
    };
    let fields = move || {
        let channel: ChannelId = custody.get_untracked()?.channel;
        let now = time::now();
        let fits = |keeper: &&Keeper| keeper.standing(&channel, now) == Standing::Stands;
        let people = members.get()?;
        let nobody = (String::new(), lang.custody_choose().to_owned());
        let options: Vec<_> = std::iter::once(nobody).chain(people.iter().filter(fits).map(option)).collect();
        let [first, second] = places;
        Some(view! {
            <Select label=lang.custody_first() value=first options=options.clone()/>
            <Select label=lang.custody_second() value=second options/>
        })
    };
    view! {
        <Dialog open=open title=lang.custody_title() close=lang.general_close()>
            <form class="stack" on:submit=submit>
                <p>{lang.custody_text()}</p>
                <ProblemNotice problem=loading.problem/>
                {move || loading.busy.get().then(|| view! { <Skeleton label=lang.general_loading()/> })}
                {fields}
                <ProblemNotice problem=saving.problem/>
                <div class="actions end">
                    <Button on_press=move || open.set(false)>{lang.general_cancel()}</Button>
                    <Button
                        tone=Tone::Primary
                        submit=true
                        busy=saving.busy
                        disabled=Signal::derive(move || members.with(Option::is_none))
                    >
                        {lang.general_save()}
                    </Button>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}
