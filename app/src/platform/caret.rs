//! Writing into a field where its caret is. Separate from `page`: to the browser a field of one line and one of several are two things,
//! and both count in UTF-16.
//!
//! It is written as a hand writes (`insertText`), so that the keys by which writing is taken back take it back too: what a program puts
//! into a field by itself is no step of that, and often the end of all the steps before. The command is out of the standard and yet in
//! every browser, because nothing has taken its place (w3c.github.io/editing/docs/execCommand, 2026-12); where one does not do it, the
//! field is set.

use wasm_bindgen::JsCast;
use web_sys::{Document, Event, EventInit, HtmlDocument, HtmlElement, HtmlInputElement, HtmlTextAreaElement};

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// Writes where the caret of a field stands, in the place of what is selected there, and puts the caret behind it. The page hears of it as
/// of any key. Answers whether there was room for it; nowhere is none. Whoever is elsewhere in the page is there afterwards, though for
/// the time of the writing the field has the focus.
pub fn write(id: &str, text: &str) -> bool {
    let Some(all) = document() else { return false };
    let Some(field) = all.get_element_by_id(id).and_then(|field| field.dyn_into::<HtmlElement>().ok()) else {
        return false;
    };
    let before = all.active_element().filter(|before| *before != *field);
    let keyboard = field.get_attribute("inputmode");
    if before.is_some() {
        // A phone would lift its keyboard for a moment. Fails only for a name that is none.
        let _ = field.set_attribute("inputmode", "none");
    }
    let written = match field.dyn_ref::<HtmlTextAreaElement>() {
        Some(area) => selected(area.selection_start(), area.selection_end()).and_then(|ends| in_area(area, ends, text)),
        None => field.dyn_ref::<HtmlInputElement>().and_then(|line| {
            let ends = selected(line.selection_start(), line.selection_end())?;
            in_line(line, ends, text)
        }),
    };
    if let Some(before) = before {
        // Neither fails but for what is gone from the page; and what takes no focus leaves it nowhere, as it was.
        let _ = field.blur();
        let _ = before.dyn_ref::<HtmlElement>().map(HtmlElement::focus);
        let _ = match keyboard {
            Some(keyboard) => field.set_attribute("inputmode", &keyboard),
            None => field.remove_attribute("inputmode"),
        };
    }
    written.is_some()
}

/// Writes in the place of a stretch of a field of several lines, which has the focus afterwards, and the caret behind what was written.
/// Answers as [`write()`] does.
pub fn write_between(area: &HtmlTextAreaElement, ends: (u32, u32), text: &str) -> bool {
    in_area(area, ends, text).is_some()
}

/// What is selected; nothing for a kind of field that has no selection.
fn selected<E>(start: Result<Option<u32>, E>, end: Result<Option<u32>, E>) -> Option<(u32, u32)> {
    start.ok()?.zip(end.ok()?)
}

fn in_area(area: &HtmlTextAreaElement, ends: (u32, u32), text: &str) -> Option<()> {
    let (start, end, caret) = place(ends, &area.value(), area.max_length(), text).filter(|_| !area.read_only())?;
    let is_there = takes_focus(area);
    area.set_selection_range(start, end).ok()?;
    if is_there && by_hand(text) {
        return Some(());
    }
    area.set_range_text_with_start_and_end(text, start, end).ok()?;
    area.set_selection_range(caret, caret).ok()?;
    tell(area);
    Some(())
}

fn in_line(line: &HtmlInputElement, ends: (u32, u32), text: &str) -> Option<()> {
    let (start, end, caret) = place(ends, &line.value(), line.max_length(), text).filter(|_| !line.read_only())?;
    let is_there = takes_focus(line);
    line.set_selection_range(start, end).ok()?;
    if is_there && by_hand(text) {
        return Some(());
    }
    line.set_range_text_with_start_and_end(text, start, end).ok()?;
    line.set_selection_range(caret, caret).ok()?;
    tell(line);
    Some(())
}

/// Gives a field the focus, and says whether it has it: a command goes to whatever has.
fn takes_focus(field: &HtmlElement) -> bool {
    // Fails only for what is gone from the page.
    let _ = field.focus();
    document().and_then(|all| all.active_element()).is_some_and(|active| active == **field)
}

/// Writes where the focus and the selection are. The browser tells the page itself.
fn by_hand(text: &str) -> bool {
    let all = document().and_then(|all| all.dyn_into::<HtmlDocument>().ok());
    all.is_some_and(|all| all.exec_command_with_show_ui_and_value("insertText", false, text).unwrap_or(false))
}

/// Tells the page, as the browser does of a key.
fn tell(field: &HtmlElement) {
    let init = EventInit::new();
    init.set_bubbles(true);
    if let Ok(event) = Event::new_with_event_init_dict("input", &init) {
        // Whether somebody forbade what comes of it by itself: nothing does.
        let _ = field.dispatch_event(&event);
    }
}

/// From where to where it goes, and where the caret stands afterwards; nothing where it would be longer than the field takes. A field
/// without a limit has a negative one.
fn place((start, end): (u32, u32), value: &str, most: i32, text: &str) -> Option<(u32, u32, u32)> {
    let units = |text: &str| u32::try_from(text.encode_utf16().count()).ok();
    let (long, more) = (units(value)?, units(text)?);
    let end = end.min(long);
    let start = start.min(end);
    let after = long - (end - start) + more;
    u32::try_from(most).ok().is_none_or(|most| after <= most).then_some((start, end, start + more))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_where_the_caret_is_and_no_further_than_the_field() {
        // An emoji is two units.
        assert_eq!(place((3, 3), "🎉 a", -1, "🎉"), Some((3, 3, 5)));
        assert_eq!(place((0, 2), "🎉 a", -1, "→"), Some((0, 2, 1)), "in the place of what is selected");
        assert_eq!(place((9, 9), "a", -1, "→"), Some((1, 1, 2)), "somebody shortened it meanwhile");
        assert_eq!((place((1, 1), "a", 3, "🎉"), place((1, 1), "ab", 3, "🎉")), (Some((1, 1, 3)), None));
    }
}
