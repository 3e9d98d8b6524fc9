//! Fields: empty, filled, with what helps, with what is wrong, and such as cannot be changed.

use leptos::prelude::*;
use words::Lang;

use crate::ui::{Checkbox, Select, TextArea, TextField};

pub(super) fn fields(lang: Lang) -> AnyView {
    let said = || RwSignal::new(lang.design_sentence().to_owned());
    let none = || RwSignal::new(String::new());
    let wrong = Signal::derive(move || Some(lang.design_wrong().to_owned()));
    let options =
        || vec![("a".to_owned(), lang.general_yes().to_owned()), ("b".to_owned(), lang.general_no().to_owned())];
    let (yes, no) = (RwSignal::new(true), RwSignal::new(false));
    view! {
        <div class="columns">
            <TextField label=lang.design_field() value=none()/>
            <TextField label=lang.design_field() value=said() hint=lang.design_hint()/>
            <TextField label=lang.design_field() value=none() hint=lang.design_hint() error=wrong/>
            <TextField label=lang.design_field() value=said() disabled=true/>
            <TextArea label=lang.design_field_long() value=none()/>
            <TextArea label=lang.design_field_long() value=said() hint=lang.design_hint() error=wrong/>
            <Select label=lang.design_field_choice() value=RwSignal::new("a".to_owned()) options=options()/>
            <Select
                label=lang.design_field_choice()
                value=RwSignal::new("b".to_owned())
                options=options()
                hint=lang.design_hint()
                error=wrong
            />
            <Checkbox label=lang.design_field_check() checked=no on_change=move |now| no.set(now)/>
            <Checkbox
                label=lang.design_field_check()
                checked=yes
                on_change=move |now| yes.set(now)
                hint=lang.design_hint()
            />
        </div>
    }
    .into_any()
}
