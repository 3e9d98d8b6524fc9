//! Crests and frames: chosen from the library, named, and of a frame what stays free of it, shown on the picture itself.

use domain::{
    MediaId, Picture, PictureType,
    brand::{Kept, MOST_PIECES, Piece, Use, WHOLE},
};
use leptos::{prelude::*, task::spawn_local};
use wire::library::{Body, Held, NEWER, Superseded};

use super::{Desk, acts};
use crate::{
    api,
    pages::library::Picking,
    state::{lang, toasts},
    ui::{Button, Glyph, Gravity, Notice, Select, TextField, live, svg, unique},
};

/// The heading: the focus goes there when a line has gone.
const TITLE: &str = "brand-pieces";

const CREST: &str = "crest";
const FRAME: &str = "frame";

/// A piece as it is being written.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    number: usize,
    media: RwSignal<MediaId>,
    picture: RwSignal<Option<Picture>>,
    name: RwSignal<String>,
    used_as: RwSignal<String>,
    /// From above, the right, below and the left, in percent.
    sides: [RwSignal<String>; 4],
}

impl Part {
    /// Of one that stands.
    pub fn of(number: usize, piece: Piece, picture: Option<Picture>) -> Self {
        let (used_as, free) = match piece.used_as {
            Use::Crest => (CREST, Kept::default()),
            Use::Frame { free } => (FRAME, free),
        };
        let Kept { top, right, bottom, left } = free;
        Self {
            number,
            media: RwSignal::new(piece.media),
            picture: RwSignal::new(picture),
            name: RwSignal::new(piece.name),
            used_as: RwSignal::new(used_as.to_owned()),
            sides: [top, right, bottom, left].map(|side| RwSignal::new(percent(side))),
        }
    }

    /// As it is sent.
    pub fn read(self) -> Piece {
        let used_as = match self.used_as.with_untracked(|used_as| used_as == FRAME) {
            true => Use::Frame { free: self.free() },
            false => Use::Crest,
        };
        Piece { media: self.media.get_untracked(), name: self.name.get_untracked(), used_as }
    }

    fn free(self) -> Kept {
        let [top, right, bottom, left] = self.sides.map(|side| side.with_untracked(|text| thousandths(text)));
        Kept { top, right, bottom, left }
    }
}

/// Thousandths as percent, without what is nothing: 125 is `12.5`.
fn percent(side: u16) -> String {
    match side % 10 {
        0 => (side / 10).to_string(),
        tenth => [(side / 10).to_string().as_str(), ".", &tenth.to_string()].concat(),
    }
}

/// And back. Whatever else is written there is nothing.
fn thousandths(text: &str) -> u16 {
    let number = text.trim().replace(',', ".").parse::<f64>().unwrap_or_default();
    // Within the type by the clamp.
    (number * 10.0).round().clamp(0.0, f64::from(WHOLE)) as u16
}

/// Offers the dialog that chooses from the library, to this page: whether it is open.
pub fn picking(desk: Desk) -> RwSignal<bool> {
    let (lang, open, owner) = (lang(), RwSignal::new(false), Owner::current());
    let chosen = Callback::new(move |body: Body| match body {
        Body::Picture { picture } => {
            let name: String = match picture.file_name.rsplit_once('.') {
                Some((stem, _)) => stem.chars().take(60).collect(),
                None => String::new(),
            };
            let piece = Piece { media: picture.media.clone(), name, used_as: Use::Crest };
            // It belongs to this page: the dialog that it is chosen in is gone in a moment.
            let part = || Part::of(desk.number(), piece, Some(picture));
            let part = match &owner {
                Some(owner) => owner.with(part),
                None => part(),
            };
            desk.pieces.update(|all| all.push(part));
        }
        Body::Video { .. } => toasts::say(Gravity::Warn, lang.brand_no_video()),
    });
    provide_context(Picking { open, chosen });
    open
}

/// The section.
#[component]
pub fn Pieces(desk: Desk, picking: RwSignal<bool>) -> AnyView {
    let lang = lang();
    let pieces = desk.pieces;
    let newer = RwSignal::new(Vec::<Superseded>::new());
    let held = pieces.with_untracked(|all| {
        all.iter().map(|part| part.media.get_untracked().to_string()).collect::<Vec<_>>().join(",")
    });
    if desk.manages && !held.is_empty() {
        spawn_local(async move {
            // Without it nothing is missing but the offer.
            if let Ok(found) = api::call(&NEWER, &[], &Held { media: held }).await {
                let _ = newer.try_set(found);
            }
        });
    }
    let none = move || pieces.with(Vec::is_empty).then(|| view! { <p>{lang.brand_pieces_none()}</p> });
    let full = Signal::derive(move || pieces.with(Vec::len) >= MOST_PIECES);
    let add = desk.manages.then(|| {
        view! {
            <div class="actions">
                <Button glyph=Glyph::Plus disabled=full on_press=move || picking.set(true)>{lang.brand_piece_add()}</Button>
            </div>
        }
    });
    view! {
        <section class="card">
            <h2 id=TITLE tabindex="-1">{lang.brand_pieces()}</h2>
            <p class="hint">{lang.brand_pieces_text()}</p>
            {none}
            <div class="brand-lines">
                <For each=move || pieces.get() key=|part| part.number children=move |part| line(desk, part, newer)/>
            </div>
            {add}
        </section>
    }
    .into_any()
}

fn line(desk: Desk, part: Part, newer: RwSignal<Vec<Superseded>>) -> AnyView {
    let lang = lang();
    let Part { number, media, picture, name, used_as, sides } = part;
    let called = move || {
        let name = name.get();
        if name.trim().is_empty() { lang.brand_piece_new().to_owned() } else { name }
    };
    let options = vec![
        (CREST.to_owned(), lang.brand_use_crest().to_owned()),
        (FRAME.to_owned(), lang.brand_use_frame().to_owned()),
    ];
    let is_frame = Memo::new(move |_| used_as.with(|used_as| used_as == FRAME));
    let act = desk
        .manages
        .then(|| acts::of_line(desk.pieces, TITLE, move |one| one.number == number, Signal::derive(called)));
    let lost = move || {
        picture.with(Option::is_none).then(|| view! { <Notice gravity=Gravity::Warn title=lang.brand_piece_lost()/> })
    };
    // A JPEG has no transparency: as a frame it would hide all of what it frames.
    let opaque = move || {
        let jpeg = picture.with(|picture| picture.as_ref().is_some_and(|one| one.mime == PictureType::Jpeg));
        (is_frame.get() && jpeg).then(|| {
            view! { <Notice gravity=Gravity::Warn title=lang.brand_piece_opaque()><p>{lang.brand_piece_opaque_next()}</p></Notice> }
        })
    };
    let other = Memo::new(move |_| {
        let media = media.get();
        newer.with(|all| all.iter().find(|one| one.media == media).map(|one| one.by.clone()))
    });
    let renew = move || {
        other.get().map(|by| {
            let take = move || {
                media.set(by.media.clone());
                picture.set(Some(by.clone()));
            };
            view! {
                <Notice gravity=Gravity::Info title=lang.library_newer()>
                    <Button on_press=take>{lang.library_newer_take()}</Button>
                </Notice>
            }
        })
    };
    let names = [lang.brand_side_top(), lang.brand_side_right(), lang.brand_side_bottom(), lang.brand_side_left()];
    let fields = move || {
        is_frame.get().then(|| {
            let each = names.into_iter().zip(sides).map(|(label, side)| side_field(label, side)).collect_view();
            view! {
                <p class="hint">{lang.brand_free_hint()}</p>
                <div class="brand-sides">{each}</div>
            }
        })
    };
    view! {
        <fieldset class="brand-line" disabled=!desk.manages>
            <legend>{called}</legend>
            {lost}
            {renew}
            <div class="brand-piece">
                {live(move || shown(picture, is_frame, sides))}
                <div class="stack">
                    <div class="brand-fields">
                        <TextField label=lang.brand_piece_name() value=name required=true most=60/>
                        <Select label=lang.brand_piece_use() value=used_as options/>
                        {act}
                    </div>
                    {opaque}
                    {fields}
                </div>
            </div>
        </fieldset>
    }
    .into_any()
}

fn side_field(label: &'static str, side: RwSignal<String>) -> AnyView {
    let id = unique("side");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input id=id class="input" type="number" min="0" max="99.9" step="0.1" inputmode="decimal"
                prop:value=move || side.get() on:input=move |event| side.set(event_target_value(&event))/>
        </div>
    }
    .into_any()
}

/// The picture, and on a frame what stays free of it. Drawn: a page may have no styles of an element's own.
fn shown(picture: RwSignal<Option<Picture>>, is_frame: Memo<bool>, sides: [RwSignal<String>; 4]) -> AnyView {
    let lang = lang();
    let Some(Picture { media, width, height, .. }) = picture.get() else { return ().into_any() };
    let image = svg("image", "").with("href", api::picture_address(&media));
    let image = image.with("width", width.to_string()).with("height", height.to_string());
    let sheet =
        svg("svg", "brand-shown").with("viewBox", ["0 0 ", &width.to_string(), " ", &height.to_string()].concat());
    let sheet = sheet.with("role", "img").put(image);
    if !is_frame.get() {
        return sheet.with("aria-label", lang.brand_shown_crest()).into_any();
    }
    let [top, right, bottom, left] = sides.map(|side| side.with(|text| thousandths(text)));
    let free = Kept { top, right, bottom, left };
    if !free.leaves_room() {
        return sheet.with("aria-label", lang.brand_shown_full()).into_any();
    }
    let of = |side: u32, part: u16| f64::from(side) * f64::from(part) / f64::from(WHOLE);
    let (x, y) = (of(width, left), of(height, top));
    let (across, down) = (of(width, WHOLE - left - right), of(height, WHOLE - top - bottom));
    let [x, y, across, down] = [x, y, across, down].map(|number| (number.round() as u32).to_string());
    let area = svg("rect", "brand-free").with("x", x).with("y", y).with("width", across).with("height", down);
    let area = area.with("vector-effect", "non-scaling-stroke");
    sheet.with("aria-label", lang.brand_shown_frame()).put(area).into_any()
}
