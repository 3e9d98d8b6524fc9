//! What needs no approval: each kind is declared on its own, with a reason that stays in the record.

use domain::{Kind, Organisation};
use leptos::prelude::*;
use wire::{
    organisations::{DECLARE, Declare},
    people::MemberRow,
};

use crate::{
    api,
    parts::Work,
    platform::time,
    state::{lang, session, toasts},
    ui::{Button, Chip, ConfirmDialog, ConfirmTexts, Hue, ReasonDialog, ReasonTexts, Tone},
};

/// The declarations.
#[component]
pub fn Declarations(organisation: Organisation, members: RwSignal<Vec<MemberRow>>) -> impl IntoView {
    let lang = lang();
    let work = Work::new();
    let declare = move |kind: Kind, reason: Option<String>, open: RwSignal<bool>| {
        let asked = Declare { kind, reason };
        work.run(async move { api::call(&DECLARE, &[], &asked).await }, move |organisation| {
            open.set(false);
            toasts::done(lang.general_saved());
            session().accept_organisation(organisation);
        });
    };
    Effect::new(move |_| work.problem.with(|problem| problem.as_ref().map(toasts::trouble)));
    let line = move |kind: Kind| {
        let open = RwSignal::new(false);
        let name = words::kind_name(lang, kind);
        let declared = organisation.policy.declared(kind).cloned();
        let stands = declared.is_some();
        let said = declared.map(|declaration| {
            let at = time::moment(declaration.at, &organisation.zone, lang.tag(), time::Form::Date);
            let by = declaration.by;
            let adopted = move || {
                let name = members.with(|members| {
                    members.iter().find(|member| member.id == by).map(|member| member.name.clone()).unwrap_or_default()
                });
                lang.organisation_adopted(&at, name)
            };
            view! { <p><q>{declaration.reason}</q> <br/> <span class="hint">{adopted}</span></p> }
        });
        let dialog = if stands {
            let texts = ConfirmTexts {
                title: lang.organisation_withdraw_title().to_owned(),
                text: lang.organisation_withdraw_text(name),
                act: lang.organisation_withdraw().to_owned(),
                close: lang.general_cancel().to_owned(),
            };
            let withdraw = move || declare(kind, None, open);
            view! { <ConfirmDialog open texts=Signal::stored(texts) busy=work.busy on_confirm=withdraw/> }.into_any()
        } else {
            let texts = ReasonTexts {
                title: lang.organisation_declare_title().to_owned(),
                text: lang.organisation_declare_text(name),
                reason: lang.general_reason().to_owned(),
                hint: lang.general_reason_hint().to_owned(),
                act: lang.organisation_declare().to_owned(),
                close: lang.general_cancel().to_owned(),
            };
            let adopt = move |reason: String| declare(kind, Some(reason), open);
            view! { <ReasonDialog open texts tone=Tone::Primary busy=work.busy on_reason=adopt/> }.into_any()
        };
        let (hue, state, act) = if stands {
            (Hue::Warn, lang.organisation_needs_not(), lang.organisation_withdraw())
        } else {
            (Hue::Good, lang.organisation_needs(), lang.organisation_declare())
        };
        view! {
            <li>
                <div class="line-main">
                    <strong>{name}</strong>
                    <p class="hint">{words::kind_explained(lang, kind)}</p>
                    {said}
                </div>
                <Chip hue text=state/>
                <Button on_press=move || open.set(true)>{act}</Button>
                {dialog}
            </li>
        }
        .into_any()
    };
    view! {
        <section class="card">
            <h2>{lang.organisation_declarations()}</h2>
            <p class="soft">{lang.organisation_declarations_text()}</p>
            <ul class="lines">{Kind::ALL.into_iter().map(line).collect_view()}</ul>
        </section>
    }
    .into_any()
}
