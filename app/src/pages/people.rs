//! The people: who is here as what, who was invited, who asks for access back. Everybody sees who is here; only who
//! manages people changes it.

mod edit;
mod invite;

use domain::{Act, Millis, Moment};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use wire::{
    people::{INVITATIONS, InvitationRow, MEMBERS, MemberRow, REMOVE_MEMBER, UNINVITE},
    session::{CONFIRM_RECOVERY, RECOVERIES, RecoveryRow, STOP_RECOVERY},
};

use crate::{
    api,
    pages::leaving::{Leave, List},
    parts::{ProblemNotice, Work},
    platform::time,
    state::{lang, session, toasts},
    ui::{Button, Chip, ConfirmDialog, ConfirmTexts, Glyph, Gravity, Menu, MenuItem, Notice, Skeleton, Tone},
};

use edit::EditMember;
use invite::InviteDialog;

fn full(at: Moment) -> String {
    time::moment(at, &session().zone(), lang().tag(), time::Form::Full)
}

/// The people.
#[component]
pub fn People() -> impl IntoView {
    let (lang, session) = (lang(), session());
    let manages = session.me.with_untracked(|me| me.as_ref().is_some_and(|me| domain::may(me.role, Act::ManagePeople)));
    let members = RwSignal::new(None::<Vec<MemberRow>>);
    let invitations = RwSignal::new(Vec::<InvitationRow>::new());
    let recoveries = RwSignal::new(Vec::<RecoveryRow>::new());
    let (loading, acting) = (Work::new(), Work::new());
    let load = move || {
        let call = async move {
            let found = api::call(&MEMBERS, &[], &wire::Nothing {}).await?;
            if !manages {
                return Ok((found, Vec::new(), Vec::new()));
            }
            let invited = api::call(&INVITATIONS, &[], &wire::Nothing {}).await?;
            Ok((found, invited, api::call(&RECOVERIES, &[], &wire::Nothing {}).await?))
        };
        loading.run(call, move |(found, invited, asked)| {
            members.set(Some(found));
            invitations.set(invited);
            recoveries.set(asked);
        });
    };
    load();
    let (inviting, editing, removing) = (RwSignal::new(false), RwSignal::new(None), RwSignal::new(None::<MemberRow>));
    let confirming = RwSignal::new(false);
    let changing = RwSignal::new(false);
    // A link from the page that says whose contract ends: the form opens by itself, once.
    let named = use_query_map().with_untracked(|query| query.get("member"));
    let opened = StoredValue::new(false);
    Effect::new(move |_| {
        let found =
            members.with(|all| all.as_ref()?.iter().find(|one| Some(one.id.as_str()) == named.as_deref()).cloned());
        if manages && found.is_some() && !opened.get_value() {
            opened.set_value(true);
            editing.set(found);
            changing.set(true);
        }
    });
    let done = move |text: &'static str| {
        toasts::done(text);
        load();
    };
    Effect::new(move |_| acting.problem.with(|problem| problem.as_ref().map(toasts::trouble)));
    let remove = move || {
        let Some(member) = removing.get_untracked() else { return };
        let call = async move { api::call(&REMOVE_MEMBER, &[member.id.as_str()], &wire::Nothing {}).await };
        acting.run(call, move |_| {
            confirming.set(false);
            done(lang.people_removed());
        });
    };
    let texts = Signal::derive(move || ConfirmTexts {
        title: lang.people_remove_title().to_owned(),
        text: lang
            .people_remove_text(removing.with(|member| member.as_ref().map(|m| m.name.clone()).unwrap_or_default())),
        act: lang.general_remove().to_owned(),
        close: lang.general_cancel().to_owned(),
    });
    let member_line = move |member: MemberRow| {
        let own = session.me.with_untracked(|me| me.as_ref().is_some_and(|me| me.member == member.id));
        let seen = member.seen.map_or_else(|| lang.general_never().to_owned(), full);
        let window = member.access.until().map(|until| {
            let day = time::moment(until.minus(Millis(1)), &session.zone(), lang.tag(), time::Form::Date);
            if until <= time::now() { lang.people_window_over(day) } else { lang.people_window(day) }
        });
        let (change, take) = (member.clone(), member.clone());
        view! {
            <li>
                <div class="line-main">
                    <strong>{member.name.clone()}</strong>
                    {own.then(|| view! { <span class="soft">" (" {lang.general_you()} ")"</span> })}
                    <p class="hint">
                        {member.email.map(|email| [email.as_str(), " · "].concat())} {lang.people_seen(seen)}
                        {(member.passkeys == 0).then(|| [" · ", lang.people_no_passkey()].concat())}
                        {window.map(|text| [" · ", text.as_str()].concat())}
                    </p>
                </div>
                <Chip text=words::role_name(lang, member.role)/>
                {manages
                    .then(|| {
                        let edit = move || {
                            editing.set(Some(change.clone()));
                            changing.set(true);
                        };
                        let remove = move || {
                            removing.set(Some(take.clone()));
                            confirming.set(true);
                        };
                        view! {
                            <Menu label=[lang.general_options(), ": ", &member.name].concat() glyph=Glyph::Dots>
                                <MenuItem glyph=Glyph::Pencil on_press=edit>{lang.general_change()}</MenuItem>
                                <MenuItem glyph=Glyph::Bin danger=true on_press=remove>
                                    {lang.general_remove()}
                                </MenuItem>
                            </Menu>
                        }
                    })}
            </li>
        }
        .into_any()
    };
    let invitation_line = move |row: InvitationRow| {
        let InvitationRow { id, name, role, expires } = row;
        let take = move || {
            let id = id.clone();
            let call = async move { api::call(&UNINVITE, &[id.as_str()], &wire::Nothing {}).await };
            acting.run(call, move |_| done(lang.people_uninvited()));
        };
        view! {
            <li>
                <div class="line-main">
                    <strong>{name}</strong>
                    <p class="hint">{lang.people_expires(full(expires))}</p>
                </div>
                <Chip text=words::role_name(lang, role)/>
                <Button on_press=take>{lang.people_uninvite()}</Button>
            </li>
        }
        .into_any()
    };
    let recovery = move |row: RecoveryRow| {
        let (confirmed, stopped) = (row.id.clone(), row.id);
        let confirm = move || {
            let id = confirmed.clone();
            let call = async move { api::call(&CONFIRM_RECOVERY, &[id.as_str()], &wire::Nothing {}).await };
            acting.run(call, move |_| done(lang.people_recovery_confirmed()));
        };
        let stop = move || {
            let id = stopped.clone();
            let call = async move { api::call(&STOP_RECOVERY, &[id.as_str()], &wire::Nothing {}).await };
            acting.run(call, move |_| done(lang.people_recovery_stopped()));
        };
        view! {
            <Notice gravity=Gravity::Warn title=lang.people_recovery(&row.name)>
                <p>{lang.people_recovery_text(full(row.asked), full(row.ready_at))}</p>
                <div class="actions">
                    {(!row.confirmed)
                        .then(|| {
                            view! {
                                <Button tone=Tone::Primary busy=acting.busy on_press=confirm>
                                    {lang.people_recovery_confirm()}
                                </Button>
                            }
                        })}
                    <Button tone=Tone::Danger on_press=stop>{lang.people_recovery_stop()}</Button>
                </div>
            </Notice>
        }
        .into_any()
    };
    view! {
        <header class="page-head">
            <div>
                <h1>{lang.frame_people()}</h1>
                <p>{lang.people_text()}</p>
            </div>
            <div class="row">
                <Leave lists=|| vec![List::People]/>
                {manages
                    .then(|| {
                        view! {
                            <Button tone=Tone::Primary glyph=Glyph::Plus on_press=move || inviting.set(true)>
                                {lang.people_invite()}
                            </Button>
                        }
                    })}
            </div>
        </header>
        <ProblemNotice problem=loading.problem/>
        {move || recoveries.get().into_iter().map(recovery).collect_view()}
        {move || match members.get() {
            None => view! { <Skeleton label=lang.general_loading()/> }.into_any(),
            Some(members) => {
                view! {
                    <section class="card">
                        <ul class="lines">{members.into_iter().map(member_line).collect_view()}</ul>
                    </section>
                }
                    .into_any()
            }
        }}
        {move || {
            let open = invitations.get();
            (!open.is_empty())
                .then(|| {
                    view! {
                        <section class="card">
                            <h2>{lang.people_invitations()}</h2>
                            <ul class="lines">{open.into_iter().map(invitation_line).collect_view()}</ul>
                        </section>
                    }
                })
        }}
        <ConfirmDialog open=confirming texts busy=acting.busy on_confirm=remove/>
        <InviteDialog open=inviting on_invited=load/>
        <EditMember open=changing member=editing on_changed=load/>
    }
    .into_any()
}
