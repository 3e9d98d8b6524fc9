//! Writing into a field where its caret is. Separate from `page`: to the browser a field of one line and one of several are two things,
//! and both count in UTF-16.

use wasm_bindgen::JsCast;
use web_sys::{Event, EventInit, HtmlInputElement, HtmlTextAreaElement};

/// Writes where the caret of a field stands, in the place of what is selected there, and puts the caret behind it. The page hears of it as
/// of any key. Answers whether there was room for it; nowhere is none.
pub fn write(id: &str, text: &str) -> bool {
    let element = web_sys::window().and_then(|window| window.document()).and_then(|all| all.get_element_by_id(id));
    let Some(element) = element else { return false };
    let written = match element.dyn_ref::<HtmlTextAreaElement>() {
        Some(area) => in_area(area, text),
        None => element.dyn_ref::<HtmlInputElement>().and_then(|line| in_line(line, text)),
    };
    if written.is_none() {
        return false;
    }
    let init = EventInit::new();
    init.set_bubbles(true);
    if let Ok(event) = Event::new_with_event_init_dict("input", &init) {
        // Whether somebody forbade what comes of it by itself: nothing does.
        let _ = element.dispatch_event(&event);
    }
    true
}

fn in_area(area: &HtmlTextAreaElement, text: &str) -> Option<()> {
    let ends = (area.selection_start().ok()??, area.selection_end().ok()??);
    let (start, end, caret) = place(ends, &area.value(), area.max_length(), text).filter(|_| !area.read_only())?;
    area.set_range_text_with_start_and_end(text, start, end).ok()?;
    area.set_selection_range(caret, caret).ok()
}

fn in_line(line: &HtmlInputElement, text: &str) -> Option<()> {
    let ends = (line.selection_start().ok()??, line.selection_end().ok()??);
    let (start, end, caret) = place(ends, &line.value(), line.max_length(), text).filter(|_| !line.read_only())?;
    line.set_range_text_with_start_and_end(text, start, end).ok()?;
    line.set_selection_range(caret, caret).ok()
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
