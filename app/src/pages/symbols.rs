//! Emoji and signs for whoever writes: a button beside a field, and one panel for all of them. What a post may carry of them is the rules'
//! word (`policy`), said beside the text as ever; here they are only found.
//!
//! Separate from the composer, for the forms of prepared texts have it too. What is offered comes when the panel is first opened: a file for
//! each language, beside the program and kept like it.

mod files;
mod list;

use gloo_net::http::Request;
use leptos::{ev, html, prelude::*, task::spawn_local};
use words::Lang;

use self::list::List;
use super::around;
use crate::{
    platform::{
        caret,
        grid::{self, Walk},
        page, storage,
    },
    state::lang,
    ui::{Button, Glyph, Gravity, Icon, Inside, Notice, Select, TextField, Tone, el, live},
};

/// Where the tone that was chosen is kept on this device,
const TONE: &str = "pregon.tone";
/// and what was used last, one a line.
const USED: &str = "pregon.symbols";
/// So much of it: four rows.
const MOST_USED: usize = 4 * COLUMNS;
/// So many stand in a row, as in the style sheet: on the narrowest phone each is wide enough for a thumb.
const COLUMNS: usize = 8;
/// The group of what was used last; no group of a file is called so.
const RECENT: &str = "recent";
/// What is shown to whoever has used none.
const FIRST: &str = "smileys-emotion";

const TITLE: &str = "symbols-title";
const WORDS: &str = "symbols-words";

/// The field that is written into, by its `id`, while the panel is open.
#[derive(Debug, Clone, Copy)]
pub struct Picking(RwSignal<Option<String>>);

impl Picking {
    /// Nothing is.
    pub fn closed() -> Self {
        Self(RwSignal::new(None))
    }

    /// Whether the panel is open. Tracked.
    pub fn is_open(self) -> bool {
        self.0.with(Option::is_some)
    }
}

/// The button beside a field, called by the field's name; none where the field is only read.
pub fn offered(field: &str, name: &str, locked: bool) -> Option<AnyView> {
    let Picking(target) = use_context::<Picking>().filter(|_| !locked)?;
    let label = lang().symbols_open(name);
    let (id, field) = (button_id(field), field.to_owned());
    let open = move |_| target.set(Some(field.clone()));
    let button = view! {
        <button type="button" class="button quiet bare symbols-open" id=id aria-haspopup="dialog" aria-label=label.clone() title=label
            on:click=open>
            <Icon glyph=Glyph::Smile/>
        </button>
    };
    Some(button.into_any())
}

fn button_id(field: &str) -> String {
    ["symbols-of-", field].concat()
}

const fn file_of(lang: Lang) -> &'static str {
    match lang {
        Lang::Es => files::ES,
        Lang::En => files::EN,
    }
}

async fn fetched(lang: Lang) -> Option<List> {
    let answer = Request::get(&["/desk/", file_of(lang)].concat()).send().await.ok().filter(|answer| answer.ok())?;
    Some(List::read(&answer.text().await.ok()?))
}

/// What the parts of the panel share.
#[derive(Clone, Copy)]
struct Hand {
    /// The field.
    field: StoredValue<String>,
    /// Whether anything was written into it.
    wrote: RwSignal<bool>,
    /// What came of the last thing that was done.
    said: RwSignal<String>,
    /// Whether it is being written just now: as long as that the focus is in the field, and nobody left the panel.
    writing: StoredValue<bool>,
}

impl Hand {
    /// Over a field.
    fn over(field: String) -> Self {
        let (wrote, said) = (RwSignal::new(false), RwSignal::new(String::new()));
        Self { field: StoredValue::new(field), wrote, said, writing: StoredValue::new(false) }
    }

    /// Writes into the field, and says whether there was room.
    fn write(self, text: &str) -> bool {
        self.writing.set_value(true);
        let written = caret::write(&self.field.get_value(), text);
        self.writing.set_value(false);
        written
    }
}

/// The panel.
#[component]
pub fn Symbols() -> AnyView {
    let Some(Picking(target)) = use_context::<Picking>() else { return ().into_any() };
    let Some(field) = target.get_untracked() else { return ().into_any() };
    let lang = lang();
    let hand = Hand::over(field);
    let panel = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        if let Some(panel) = panel.get() {
            request_animation_frame(move || {
                // Fails only for what is not in the page any more.
                if panel.show_popover().is_ok() {
                    page::focus(TITLE);
                }
            });
        }
    });
    // Whoever wrote goes on writing; whoever did not is where they were.
    let close = move || {
        let field = hand.field.get_value();
        let back = if hand.wrote.get_untracked() { field } else { button_id(&field) };
        if let Some(panel) = panel.get_untracked() {
            // Fails only when it is closed already.
            let _ = panel.hide_popover();
        }
        target.set(None);
        page::focus(&back);
    };
    let pressed = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            close();
        }
    };
    // Pressed elsewhere the browser closes it; Tab leaves it too.
    let toggled = move |_| {
        if panel.get_untracked().is_some_and(|panel| matches!(panel.matches(":popover-open"), Ok(false))) {
            target.set(None);
        }
    };
    let left = move |event: ev::FocusEvent| {
        let is_left = || panel.get_untracked().is_some_and(|panel| grid::is_left(&panel, &event));
        if !hand.writing.get_value() && is_left() {
            target.set(None);
        }
    };
    let brought = RwSignal::new(None::<Option<List>>);
    let bring = move || {
        brought.set(None);
        spawn_local(async move {
            let list = fetched(lang).await;
            // Whoever waited may have closed it.
            let _ = brought.try_set(Some(list));
        });
    };
    bring();
    view! {
        <div class="symbols" popover="auto" role="dialog" aria-labelledby=TITLE node_ref=panel on:keydown=pressed on:toggle=toggled
            on:focusout=left>
            <header class="symbols-head">
                <h2 id=TITLE tabindex="-1">{lang.symbols_title()}</h2>
                <Button tone=Tone::Quiet bare=true glyph=Glyph::Cross label=lang.general_close() on_press=close/>
            </header>
            {move || match brought.get() {
                None => around::loading(),
                Some(Some(list)) => offering(hand, list),
                Some(None) => view! {
                    <Notice gravity=Gravity::Bad spoken=true title=lang.trouble_not_fetched_what()>
                        <p>{lang.trouble_not_fetched_next()}</p>
                        <Button on_press=bring>{lang.general_retry()}</Button>
                    </Notice>
                }
                .into_any(),
            }}
            <p class="symbols-said" role="status">{move || hand.said.get()}</p>
        </div>
    }
    .into_any()
}

/// What was used last on this device, as far as it is offered.
fn used(list: &List) -> Vec<usize> {
    let kept = storage::read(USED).unwrap_or_default();
    kept.lines().filter_map(|shape| list.place(shape)).take(MOST_USED).collect()
}

/// One more was used.
fn use_one(shape: &str) {
    let kept = storage::read(USED).unwrap_or_default();
    let others = kept.lines().filter(|one| *one != shape);
    let all: Vec<&str> = std::iter::once(shape).chain(others).take(MOST_USED).collect();
    // A device that keeps nothing offers all of them all the same.
    storage::keep(USED, &all.join("\n"));
}

fn offering(hand: Hand, list: List) -> AnyView {
    let lang = lang();
    // As it was when it was opened: what is under a finger is not to move.
    let recent = used(&list);
    let group = RwSignal::new(if recent.is_empty() { FIRST } else { RECENT }.to_owned());
    let tone = RwSignal::new(storage::read(TONE).unwrap_or_default());
    let said = RwSignal::new(String::new());
    let recently = (!recent.is_empty()).then(|| (RECENT.to_owned(), lang.symbols_recent().to_owned()));
    let mut groups: Vec<(String, String)> = recently.into_iter().collect();
    groups.extend(list.groups.iter().map(|one| (one.key.clone(), one.name.clone())));
    let mut tones = vec![(String::new(), lang.symbols_no_tone().to_owned())];
    tones.extend(list.tones.iter().map(|(key, name, _)| (key.clone(), name.clone())));
    let (list, recent) = (StoredValue::new(list), StoredValue::new(recent));
    let shown = Memo::new(move |_| {
        list.with_value(|list| match said.with(|said| list.found(said)) {
            Some(found) => found,
            None => group.with(|key| if key == RECENT { recent.get_value() } else { list.of(key) }),
        })
    });
    let keep = |tone: &String, _: Option<&String>, _: Option<()>| {
        storage::keep(TONE, tone);
    };
    Effect::watch(move || tone.get(), keep, false);
    // Whoever chooses a group has done with searching.
    Effect::watch(move || group.track(), move |_: &(), _: Option<&()>, _: Option<()>| said.set(String::new()), false);
    // Whoever types is told how much is found; whoever chooses a group sees it.
    Effect::watch(
        move || said.with(|said| (!said.trim().is_empty()).then(|| shown.with(Vec::len))),
        move |found: &Option<usize>, _, _: Option<()>| {
            let told =
                |count: usize| if count == 0 { lang.symbols_none().to_owned() } else { lang.symbols_found(count) };
            hand.said.set(found.map(told).unwrap_or_default());
        },
        false,
    );
    let put = move |place: usize| {
        let symbol = list.with_value(|list| list.symbols.get(place).cloned());
        let Some(symbol) = symbol else { return };
        let tone = list.with_value(|list| tone.with_untracked(|key| list.tone(key).map(|(_, tone)| tone)));
        if hand.write(&symbol.written(tone)) {
            use_one(&symbol.shape);
            hand.wrote.set(true);
            hand.said.set(lang.symbols_put(symbol.name));
        } else {
            hand.said.set(lang.symbols_full().to_owned());
        }
    };
    let cells = NodeRef::<html::Div>::new();
    let begin = move |_: &(), _: Option<&()>, _: Option<()>| {
        request_animation_frame(move || {
            if let Some(cells) = cells.get_untracked() {
                grid::begin(&cells);
            }
        });
    };
    let drawn_anew = move || {
        shown.track();
        tone.track();
    };
    Effect::watch(drawn_anew, begin, false);
    let enter = move || cells.get_untracked().is_some_and(|cells| grid::enter(&cells));
    let searching = move |event: ev::KeyboardEvent| match event.key().as_str() {
        "Enter" => {
            event.prevent_default();
            if let Some(first) = shown.with_untracked(|shown| shown.first().copied()) {
                put(first);
            }
        }
        "ArrowDown" if enter() => event.prevent_default(),
        _ => {}
    };
    let pressed = move |event: ev::KeyboardEvent| {
        let Some(cells) = cells.get_untracked() else { return };
        let held = event.ctrl_key() || event.meta_key() || event.alt_key();
        match grid::press(&cells, COLUMNS, &event) {
            Walk::Above => page::focus(WORDS),
            // What is typed is searched: the letter arrives where the focus is by then. A blank presses a button.
            Walk::Not if !held && event.key() != " " && event.key().chars().count() == 1 => page::focus(WORDS),
            Walk::To(_) | Walk::Not => {}
        }
    };
    let chosen = move |event: ev::MouseEvent| {
        if let Some(place) = grid::pressed(&event) {
            put(place);
        }
    };
    let held = move |event: ev::FocusEvent| {
        if let Some(cells) = cells.get_untracked() {
            grid::hold(&cells, &event);
        }
    };
    // Nobody is taken from where they went meanwhile.
    request_animation_frame(move || {
        if page::focused().as_deref() == Some(TITLE) && !enter() {
            page::focus(WORDS);
        }
    });
    let rows = live(move || {
        let tone = tone.get();
        shown.with(|shown| list.with_value(|list| drawn(list, shown, &tone)))
    });
    view! {
        <div class="symbols-search" on:keydown=searching>
            <TextField label=lang.symbols_search() value=said kind="search" id=WORDS most=60/>
        </div>
        <div class="symbols-choices">
            <Select label=lang.symbols_group() value=group options=groups/>
            <Select label=lang.symbols_tone() value=tone options=tones/>
        </div>
        <div class="symbols-cells" role="grid" aria-label=lang.symbols_title() node_ref=cells hidden=move || shown.with(Vec::is_empty)
            on:keydown=pressed on:click=chosen on:focusin=held>
            {rows}
        </div>
        <p class="hint symbols-keys">{lang.symbols_keys()}</p>
    }
    .into_any()
}

/// The rows; a cell is called as what it writes.
fn drawn(list: &List, shown: &[usize], tone: &str) -> AnyView {
    let tone = list.tone(tone);
    let mut rows = el("div", "symbols-rows").with("role", "rowgroup");
    for (number, row) in shown.chunks(COLUMNS).enumerate() {
        let mut line = el("div", "symbols-row").with("role", "row");
        for (column, place) in row.iter().enumerate() {
            let Some(symbol) = list.symbols.get(*place) else { continue };
            let tone = tone.filter(|_| symbol.is_toned());
            let name = match tone {
                Some((tone, _)) => [symbol.name.as_str(), ", ", tone].concat(),
                None => symbol.name.clone(),
            };
            let reached = if number == 0 && column == 0 { "0" } else { "-1" };
            let cell = el("button", "symbols-cell")
                .with("type", "button")
                .with("role", "gridcell")
                .with("tabindex", reached)
                .with(grid::PLACE, place.to_string())
                .with("aria-label", name.clone())
                .with("title", name)
                .put(symbol.written(tone.map(|(_, tone)| tone)));
            line = line.put(cell);
        }
        rows = rows.put(line);
    }
    Inside::Plain(rows).into_view()
}
