//! A line of a list that the organisation keeps (campaigns, pillars, audiences, promises): its name, what more is said of
//! it, a way to change it, and the one act besides. Separate from the lists: several pages keep one.

use chrono::NaiveDate;
use leptos::prelude::*;

use crate::{
    platform::time::{self, Form},
    state::lang,
    ui::{Chip, Hue},
};

/// An act on a line: its name, and what it does.
pub type Deed = (&'static str, Box<dyn Fn()>);

/// The way into the archive, or back out of it.
pub fn archiving(archived: bool, archive: impl Fn() + 'static) -> Deed {
    let lang = lang();
    (if archived { lang.campaign_bring_back() } else { lang.campaign_archive() }, Box::new(archive))
}

/// The line. Every button says of what it is, for who hears it alone.
pub fn kept_line(
    name: String,
    more: Option<String>,
    archived: Option<&'static str>,
    form: Option<AnyView>,
    deed: Option<Deed>,
) -> AnyView {
    let lang = lang();
    let of_change = [lang.campaign_change(), ": ", &name].concat();
    let deed = deed.map(|(act, run)| {
        let label = [act, ": ", &name].concat();
        view! { <button type="button" class="button quiet" aria-label=label on:click=move |_| run()>{act}</button> }
    });
    view! {
        <li>
            <div class="line-main">
                <strong>{name}</strong>
                {more.map(|more| view! { <p class="hint">{more}</p> })}
                {form.map(|form| view! {
                    <details>
                        <summary aria-label=of_change>{lang.campaign_change()}</summary>
                        {form}
                    </details>
                })}
            </div>
            {archived.map(|text| view! { <Chip hue=Hue::Neutral text/> })}
            {deed}
        </li>
    }
    .into_any()
}

/// "Del 1 al 30 de junio", as far as it is settled.
pub fn term(first: Option<NaiveDate>, last: Option<NaiveDate>) -> Option<String> {
    let lang = lang();
    let said = |day: NaiveDate| time::date(day, lang.tag(), Form::Date);
    match (first, last) {
        (Some(first), Some(last)) => Some(lang.campaign_days(said(first), said(last))),
        (Some(first), None) => Some(lang.campaign_days_from(said(first))),
        (None, Some(last)) => Some(lang.campaign_days_until(said(last))),
        (None, None) => None,
    }
}
