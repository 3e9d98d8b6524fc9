//! A frame or a crest of the brand kit, laid on the picture. The kit itself is kept on a page of its own.

use domain::{
    brand::{Kept, Piece, Use},
    crop::Corner,
    safe_area::Insets,
};
use leptos::prelude::*;
use wire::brand::View;

use super::{As, Chosen, Desk};
use crate::{state::lang, ui::Select};

/// The section, once the kit has come.
pub fn section(desk: Desk) -> AnyView {
    let lang = lang();
    view! {
        <fieldset class="workshop-part">
            <legend>{lang.workshop_pieces()}</legend>
            {desk.kit.draw(move |view| choice(desk, &view))}
        </fieldset>
    }
    .into_any()
}

/// A piece, with the size of its picture; nothing where the picture did not come with it.
fn chosen(view: &View, piece: &Piece) -> Option<Chosen> {
    let picture = view.pictures.iter().find(|picture| picture.media == piece.media)?;
    let used_as = match &piece.used_as {
        Use::Crest => As::Crest,
        Use::Frame { free: Kept { top, right, bottom, left } } => {
            As::Frame(Insets { top: *top, right: *right, bottom: *bottom, left: *left })
        }
    };
    Some(Chosen { media: piece.media.clone(), size: (picture.width, picture.height), used_as })
}

fn choice(desk: Desk, view: &View) -> AnyView {
    let lang = lang();
    let all: Vec<(String, Chosen)> =
        view.kit.pieces.iter().filter_map(|piece| Some((piece.name.clone(), chosen(view, piece)?))).collect();
    if all.is_empty() {
        return view! { <p class="hint">{lang.workshop_pieces_none()}</p> }.into_any();
    }
    let none = (String::new(), lang.general_none().to_owned());
    let named = all.iter().enumerate().map(|(place, (name, _))| (place.to_string(), name.clone()));
    let options = std::iter::once(none).chain(named).collect::<Vec<_>>();
    let (piece, corner) = (RwSignal::new(String::new()), RwSignal::new("0".to_owned()));
    Effect::watch(
        move || piece.get(),
        move |place, _, _| {
            let found = place.parse::<usize>().ok().and_then(|place| all.get(place));
            desk.chosen.set(found.map(|(_, chosen)| chosen.clone()));
        },
        false,
    );
    Effect::watch(
        move || corner.get(),
        move |place, _, _| {
            let found = place.parse::<usize>().ok().and_then(|place| Corner::ALL.get(place).copied());
            desk.corner.set(found.unwrap_or(Corner::TopLeft));
        },
        false,
    );
    let crested =
        Memo::new(move |_| desk.chosen.with(|chosen| matches!(chosen, Some(Chosen { used_as: As::Crest, .. }))));
    let corners = move || {
        crested.get().then(|| {
            let named =
                Corner::ALL.into_iter().enumerate().map(|(place, corner)| (place.to_string(), corner_name(corner)));
            view! { <Select label=lang.workshop_corner() value=corner options=named.collect()/> }
        })
    };
    view! {
        <Select label=lang.workshop_piece() hint=lang.workshop_piece_hint() value=piece options/>
        {corners}
    }
    .into_any()
}

fn corner_name(corner: Corner) -> String {
    let lang = lang();
    match corner {
        Corner::TopLeft => lang.workshop_corner_top_left(),
        Corner::TopRight => lang.workshop_corner_top_right(),
        Corner::BottomLeft => lang.workshop_corner_bottom_left(),
        Corner::BottomRight => lang.workshop_corner_bottom_right(),
    }
    .to_owned()
}
