//! The brand kit: the colours, crests and frames with which everybody draws on pictures, kept by who manages the organisation. All of
//! it is one form: what belongs together is saved together.

mod acts;
mod colours;
mod pieces;

use domain::{Act, MediaId, Picture, Refusal, brand::Kit};
use leptos::{ev, prelude::*};
use wire::{
    Nothing,
    brand::{KEEP, Keep, READ, View},
};

use self::{
    colours::{Colours, Ink},
    pieces::{Part, Pieces},
};
use super::{
    around::{self, Fetched, Load},
    library::LibraryPick,
};
use crate::{
    api::{self, Problem, trouble},
    parts::{ProblemNotice, Work},
    routes,
    state::{lang, session, toasts},
    ui::{Button, Glyph, Gravity, LinkButton, Notice, Tone},
};

/// What the parts of the form share.
#[derive(Clone, Copy)]
struct Desk {
    view: Fetched<View>,
    work: Work,
    colours: RwSignal<Vec<Ink>>,
    pieces: RwSignal<Vec<Part>>,
    /// The number of the next line: one that was taken away gives its own to no other.
    next: StoredValue<usize>,
    manages: bool,
}

impl Desk {
    fn number(self) -> usize {
        let number = self.next.get_value();
        self.next.set_value(number + 1);
        number
    }

    /// What is written in the form.
    fn kit(self) -> Result<Kit, Refusal> {
        let colours = self.colours.get_untracked().into_iter().map(Ink::read).collect::<Result<Vec<_>, Refusal>>()?;
        let pieces = self.pieces.get_untracked().into_iter().map(Part::read).collect();
        Kit { colours, pieces }.parse()
    }
}

/// The page.
#[component]
pub fn BrandPage() -> AnyView {
    let Some(me) = session().me.get_untracked() else { return ().into_any() };
    let lang = lang();
    around::title(lang.brand_title());
    let view = Fetched::new(|| async { api::call(&READ, &[], &Nothing {}).await });
    let manages = domain::may(me.role, Act::ManageOrganisation);
    let read_only = (!manages).then(|| view! { <Notice gravity=Gravity::Info title=lang.brand_read_only()/> });
    view! {
        <div class="brand-kit">
            <p><LinkButton href=routes::LIBRARY tone=Tone::Quiet glyph=Glyph::Before>{lang.library_back()}</LinkButton></p>
            <header class="page-head">
                <div>
                    <h1>{lang.brand_title()}</h1>
                    <p>{lang.brand_lead()}</p>
                </div>
            </header>
            {read_only}
            {view.frame(move || form(view, manages))}
        </div>
    }
    .into_any()
}

/// The form, filled from what stands.
fn form(view: Fetched<View>, manages: bool) -> AnyView {
    let Some(View { kit, pictures, .. }) = view.now() else { return ().into_any() };
    let lang = lang();
    let desk = Desk {
        view,
        work: Work::new(),
        colours: RwSignal::new(Vec::new()),
        pieces: RwSignal::new(Vec::new()),
        next: StoredValue::new(0),
        manages,
    };
    let inks: Vec<Ink> = kit.colours.into_iter().map(|colour| Ink::of(desk.number(), &colour)).collect();
    desk.colours.set(inks);
    let pictured = |media: &MediaId| -> Option<Picture> { pictures.iter().find(|one| one.media == *media).cloned() };
    let parts: Vec<Part> = kit
        .pieces
        .into_iter()
        .map(|piece| {
            let picture = pictured(&piece.media);
            Part::of(desk.number(), piece, picture)
        })
        .collect();
    desk.pieces.set(parts);
    let picking = pieces::picking(desk);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let Some(View { version, .. }) = desk.view.now() else { return };
        let kit = desk.kit();
        let call = async move {
            match kit {
                Ok(kit) => api::call(&KEEP, &[], &Keep { version, kit }).await,
                Err(refusal) => Err(trouble::refused(refusal).await),
            }
        };
        desk.work.run(call, move |kept: View| {
            toasts::done(lang.general_saved());
            desk.view.put(kept);
        });
    };
    let is_stale = move || {
        let stale = |problem: &Problem| matches!(problem.refusal(), Some(Refusal::Stale { .. }));
        desk.work.problem.with(|problem| problem.as_ref().is_some_and(stale))
    };
    let reload = move || {
        desk.view.state.set(Load::Coming);
        desk.view.again();
    };
    let latest = move || is_stale().then(|| view! { <Button on_press=reload>{lang.library_reload()}</Button> });
    let keep = manages.then(|| {
        view! {
            <div class="actions end">
                <Button tone=Tone::Primary submit=true busy=desk.work.busy>{lang.general_save()}</Button>
            </div>
        }
    });
    view! {
        <form class="stack" on:submit=submit>
            <Colours desk/>
            <Pieces desk picking/>
            <ProblemNotice problem=desk.work.problem/>
            {latest}
            {keep}
        </form>
        // Beside the form: what is searched for there submits nothing of it.
        {manages.then(|| view! { <LibraryPick/> })}
    }
    .into_any()
}
