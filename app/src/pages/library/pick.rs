//! Choosing from the library while a post is written. Separate from the page: who writes needs neither its forms nor its
//! registers.

use leptos::prelude::*;
use wire::library::{Body, Query};

use super::shelf::{Filters, Results, Shelf, Sought};
use crate::{state::lang, ui::Dialog};

/// Who asks for it: whether it is open, and what becomes of what is chosen.
#[derive(Clone, Copy)]
pub struct Picking {
    /// Whether it is.
    pub open: RwSignal<bool>,
    /// Takes it.
    pub chosen: Callback<Body>,
}

/// The dialog.
#[component]
pub fn LibraryPick() -> AnyView {
    let Some(Picking { open, chosen }) = use_context::<Picking>() else { return ().into_any() };
    let lang = lang();
    view! {
        <Dialog open title=lang.library_pick_title() close=lang.general_close() wide=true>
            {
                // Made with each opening: what was brought meanwhile is found.
                let (sought, shelf) = (Sought::new(&Query::default()), Shelf::new());
                shelf.look(Query::default());
                let pick = move |body: Body| {
                    chosen.run(body);
                    open.set(false);
                };
                view! {
                    <Filters sought on_change=move |query| shelf.look(query)/>
                    <Results shelf narrow=Signal::derive(move || sought.is_narrow()) on_pick=pick/>
                }
            }
        </Dialog>
    }
    .into_any()
}
