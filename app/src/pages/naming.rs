//! The field by which a text names somebody of the book: opened by a button, or by an `@` and the first letters in the text. What it
//! writes is the mark (`@[Cruz Roja]`), where the text is being written. Separate from the composer: the form of a template has it too.

use domain::{Contact, contacts::NETWORKS, reply::folded};
use leptos::{ev, html::Textarea, prelude::*, task::spawn_local};
use wire::{Nothing, contacts::BOOK};

use crate::{
    api,
    parts::byte_at,
    platform::{caret, page},
    routes,
    state::{lang, toasts},
    ui::{Glyph, Gravity, Icon, unique},
};

/// So many are shown: whoever is not among them is found by one letter more.
const SHOWN: usize = 8;

/// The most characters of what is typed of a name.
const HALF: usize = 40;

/// The book of who is mentioned, as far as a page has it: fetched when somebody is first looked for.
#[derive(Debug, Clone, Copy)]
pub struct Book {
    /// Those in it; nothing until it was asked for and has come.
    pub all: RwSignal<Option<Vec<Contact>>>,
    /// Whether it was asked for and did not come.
    failed: RwSignal<bool>,
    /// Whether a link leads to it: only where what is written is kept by itself.
    leads: bool,
}

impl Book {
    /// One that nobody has asked for.
    pub fn new(leads: bool) -> Self {
        Self { all: RwSignal::new(None), failed: RwSignal::new(false), leads }
    }

    /// Fetches it.
    pub fn ask(self) {
        spawn_local(async move {
            let found = api::call(&BOOK, &[], &Nothing {}).await;
            // The page may be gone by now.
            if self.failed.try_set(found.is_err()).is_some() {
                return;
            }
            if let Ok(all) = found {
                self.all.set(Some(all));
            }
        });
    }

    /// Fetches it if it is not there.
    fn want(self) {
        if self.all.with_untracked(Option::is_none) {
            self.ask();
        }
    }
}

/// By what it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opened {
    Typed,
    Pressed,
}

/// The field of one text.
#[derive(Clone, Copy)]
pub struct Naming {
    book: Book,
    area: NodeRef<Textarea>,
    open: RwSignal<Option<Opened>>,
    half: RwSignal<String>,
    active: RwSignal<usize>,
    found: Memo<Vec<Contact>>,
    shown: Memo<bool>,
    search: StoredValue<String>,
}

impl Naming {
    /// The field of the text that is written in an area.
    pub fn new(book: Book, area: NodeRef<Textarea>) -> Self {
        let (open, half) = (RwSignal::new(None), RwSignal::new(String::new()));
        let found = Memo::new(move |_| {
            // A name that is typed as an account has no blanks.
            let squeezed = |text: &str| folded(text).replace(' ', "");
            let half = half.with(|half| squeezed(half));
            book.all.with(|book| {
                let all = book.iter().flatten().filter(|one| squeezed(&one.body.name).contains(&half));
                all.take(SHOWN).cloned().collect::<Vec<_>>()
            })
        });
        // Whoever types an account of their own is left alone.
        let shown = Memo::new(move |_| match open.get() {
            Some(Opened::Pressed) => true,
            Some(Opened::Typed) => found.with(|found| !found.is_empty()),
            None => false,
        });
        let search = StoredValue::new(unique("naming"));
        Self { book, area, open, half, active: RwSignal::new(0), found, shown, search }
    }

    /// The text, and the byte before which it is being written.
    fn place(self) -> Option<(String, usize)> {
        let area = self.area.get_untracked()?;
        let text = area.value();
        let units = area.selection_start().ok()??;
        let at = byte_at(&text, units);
        Some((text, at))
    }

    /// Somebody typed in the text.
    pub fn typed(self) {
        let half = self.place().and_then(|(text, at)| half_named(&text[..at]).map(|(_, half)| half.to_owned()));
        match half.filter(|half| !half.is_empty()) {
            Some(half) => {
                if self.open.get_untracked().is_none() {
                    self.book.want();
                }
                self.half.set(half);
                self.active.set(0);
                self.open.set(Some(Opened::Typed));
            }
            None if self.open.get_untracked() == Some(Opened::Typed) => self.open.set(None),
            None => {}
        }
    }

    /// Somebody pressed a key in the text: down into the list, or away with it.
    pub fn key(self, event: &ev::KeyboardEvent) {
        if !self.shown.get_untracked() {
            return;
        }
        match event.key().as_str() {
            "ArrowDown" => {
                event.prevent_default();
                self.search.with_value(|id| page::focus(id));
            }
            "Escape" => {
                event.prevent_default();
                self.open.set(None);
            }
            _ => {}
        }
    }

    fn press(self) {
        if self.shown.get_untracked() {
            return self.open.set(None);
        }
        self.book.want();
        self.half.set(String::new());
        self.active.set(0);
        self.open.set(Some(Opened::Pressed));
        let search = self.search.get_value();
        request_animation_frame(move || page::focus(&search));
    }

    fn leave(self) {
        self.open.set(None);
        if let Some(area) = self.area.get_untracked() {
            let _ = area.focus();
        }
    }

    /// Writes the mark where the text is being written: the field tells of it as of what is typed.
    fn pick(self, contact: &Contact) {
        let Some(((text, at), area)) = self.place().zip(self.area.get_untracked()) else { return };
        let by_typing = self.open.get_untracked() == Some(Opened::Typed);
        let Marking { from, words, ahead } = Marking::of(&text, at, &contact.body.mark(), by_typing);
        let units = |text: &str| u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX);
        let (start, end) = (units(&text[..from]), units(&text[..at]));
        self.open.set(None);
        if !caret::write_between(&area, (start, end), &words) {
            toasts::say(Gravity::Warn, lang().symbols_full());
            return self.leave();
        }
        let caret = start.saturating_add(units(&words[..ahead]));
        // Fails only for a kind of field that has no selection.
        let _ = area.set_selection_range(caret, caret);
    }

    /// The button, and what it opens.
    pub fn draw(self) -> AnyView {
        let lang = lang();
        let told = move || self.shown.get().then(|| lang.contacts_found(self.found.with(Vec::len)));
        view! {
            <div class="naming">
                <button type="button" class="button quiet" aria-expanded=move || self.shown.get().to_string()
                    on:click=move |_| self.press()>
                    <Icon glyph=Glyph::People />{lang.contacts_pick()}
                </button>
                {move || self.shown.get().then(|| self.panel())}
                <p class="unseen" role="status">{told}</p>
            </div>
        }
        .into_any()
    }

    fn panel(self) -> AnyView {
        let lang = lang();
        let (search, list) = (self.search.get_value(), [&*self.search.get_value(), "-list"].concat());
        let listed = list.clone();
        let is_some = move || self.found.with(|found| !found.is_empty());
        let option_id = StoredValue::new([&*search, "-option-"].concat());
        let named = move |place: usize| [&*option_id.get_value(), &place.to_string()].concat();
        let step = move |by: usize| {
            let count = self.found.with_untracked(Vec::len);
            if count > 0 {
                self.active.update(|active| *active = (*active + by) % count);
            }
        };
        let walk = move |event: ev::KeyboardEvent| {
            match event.key().as_str() {
                "ArrowDown" => step(1),
                "ArrowUp" => step(self.found.with_untracked(Vec::len).saturating_sub(1)),
                "Enter" => {
                    let active = self.active.get_untracked();
                    if let Some(contact) = self.found.with_untracked(|found| found.get(active).cloned()) {
                        self.pick(&contact);
                    }
                }
                "Escape" => self.leave(),
                _ => return,
            }
            event.prevent_default();
        };
        let look = move |event| {
            self.half.set(event_target_value(&event));
            self.active.set(0);
            // Whoever looks for somebody here is shown that there is nobody.
            if self.open.get_untracked() == Some(Opened::Typed) && !is_some() {
                self.open.set(Some(Opened::Pressed));
            }
        };
        let option = move |(place, contact): (usize, Contact)| {
            let there = NETWORKS.into_iter().filter_map(|one| Some((one, contact.body.accounts.get(&one)?.as_str())));
            let said = words::accounts(lang, there);
            let said = if said.is_empty() { lang.contacts_accounts_none().to_owned() } else { said };
            let name = contact.body.name.clone();
            view! {
                <li role="option" id=named(place) class="naming-option"
                    aria-selected=move || (self.active.get() == place).to_string()
                    on:mousedown=|event: ev::MouseEvent| event.prevent_default() on:click=move |_| self.pick(&contact)>
                    <b>{name}</b>" "<span class="hint">{said}</span>
                </li>
            }
        };
        let options = move || {
            is_some().then(|| {
                let all = self.found.get().into_iter().enumerate().map(option).collect::<Vec<_>>();
                view! { <ul role="listbox" id=listed.clone() class="naming-list" aria-label=lang.contacts_pick_label()>{all}</ul> }
            })
        };
        let none = move || {
            (!is_some()).then(|| {
                let text = match self.book.all.with(|book| book.as_ref().map(Vec::is_empty)) {
                    Some(true) => lang.contacts_pick_empty(),
                    Some(false) => lang.contacts_pick_none(),
                    None if self.book.failed.get() => lang.contacts_pick_failed(),
                    None => lang.general_loading(),
                };
                view! { <p class="hint">{text}</p> }
            })
        };
        let book = self.book.leads.then(|| {
            let book = [routes::TEXTS, "?view=contacts"].concat();
            view! { <a class="hint" href=book>{lang.contacts_pick_book()}</a> }
        });
        view! {
            <div class="naming-panel">
                <label class="unseen" for=search.clone()>{lang.contacts_pick_label()}</label>
                <input id=search class="input" type="text" role="combobox" autocomplete="off" spellcheck="false"
                    aria-autocomplete="list" aria-expanded=move || is_some().to_string() aria-controls=list
                    aria-activedescendant=move || is_some().then(|| named(self.active.get()))
                    prop:value=move || self.half.get() on:input=look on:keydown=walk />
                {options}
                {none}
                {book}
            </div>
        }
        .into_any()
    }
}

/// What is being typed of a name at the end of a text: where its sign stands, and the letters.
fn half_named(before: &str) -> Option<(usize, &str)> {
    let (ahead, half) = before.rsplit_once('@')?;
    let begins = !ahead.chars().next_back().is_some_and(|sign| sign.is_alphanumeric() || sign == '_');
    let half = half.strip_prefix('[').unwrap_or(half);
    let is_name = !half.contains(['\n', '[', ']']) && half.chars().count() <= HALF;
    (begins && is_name && !half.starts_with(char::is_whitespace)).then_some((ahead.len(), half))
}

/// A mark at a byte of a text.
struct Marking {
    /// The byte from which on it takes the place of what was typed of the name.
    from: usize,
    /// What is written there: the mark, apart from the words around it, for what stands at a word is no mention.
    words: String,
    /// So many bytes of that end with the mark.
    ahead: usize,
}

impl Marking {
    fn of(text: &str, at: usize, mark: &str, by_typing: bool) -> Self {
        let (before, after) = text.split_at(at);
        let half = half_named(before).filter(|(_, half)| by_typing || half.is_empty());
        let from = half.map_or(at, |(start, _)| start);
        let joins = |sign: Option<char>| sign.is_some_and(char::is_alphanumeric);
        let gap = |joined: bool| if joined { " " } else { "" };
        let ahead = gap(joins(text[..from].chars().next_back()));
        let words = [ahead, mark, gap(joins(after.chars().next()))].concat();
        Self { from, words, ahead: ahead.len() + mark.len() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_of_a_name_is_known_from_an_address() {
        assert_eq!(half_named("Con @cruz r"), Some((4, "cruz r")));
        assert_eq!(half_named("(@[Cru"), Some((1, "Cru")));
        for text in ["info@villa", "@Cruz\n", "Con @[Cruz Roja]", "@ cruz", "nadie"] {
            assert_eq!(half_named(text), None, "{text}");
        }
    }

    #[test]
    fn a_mark_takes_the_place_of_what_was_typed_and_stands_apart() {
        let mark = "@[Cruz Roja]";
        let with_mark = |text: &str, at: usize, mark: &str, by_typing: bool| {
            let Marking { from, words, ahead } = Marking::of(text, at, mark, by_typing);
            ([&text[..from], &words, &text[at..]].concat(), from + ahead)
        };
        assert_eq!(with_mark("Con @cru.", 8, mark, true), ("Con @[Cruz Roja].".to_owned(), 16));
        assert_eq!(with_mark("Conhoy", 3, mark, false), ("Con @[Cruz Roja] hoy".to_owned(), 16));
        assert_eq!(with_mark("Con @otra", 9, mark, false), ("Con @otra @[Cruz Roja]".to_owned(), 22));
        assert_eq!(with_mark("Con @", 5, mark, false), ("Con @[Cruz Roja]".to_owned(), 16));
    }
}
