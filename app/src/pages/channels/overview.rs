//! How all channels are, in one line with a way to each that is not well. From what the page has loaded already.

use domain::{
    Channel,
    overview::{Mood, Overview},
};
use leptos::prelude::*;

use super::card::place;
use crate::{platform::time, state::lang};

/// The line.
pub fn line(channels: &[Channel]) -> AnyView {
    let lang = lang();
    let overview = Overview::of(channels, time::now());
    let ill = Mood::ALL.into_iter().filter(|mood| *mood != Mood::Well);
    let said = [Mood::Well].into_iter().chain(ill).filter(|mood| !overview.those(*mood).is_empty()).enumerate();
    let said = said.map(|(number, mood)| {
        let those = overview.those(mood);
        let ways = channels.iter().filter(|channel| mood != Mood::Well && those.contains(&&channel.id)).enumerate();
        let ways = ways.map(|(number, channel)| {
            let between = if number == 0 { " (" } else { ", " };
            let href = ["#", &place(&channel.id)].concat();
            // Left to the browser, which takes the focus along; the router only scrolls.
            view! { {between}<a href=href rel="external">{channel.name.clone()}</a> }
        });
        let ways: Vec<_> = ways.collect();
        let end = (!ways.is_empty()).then_some(")");
        view! { {(number > 0).then_some(", ")}{words::mood(lang, mood, those.len())}{ways}{end} }
    });
    let said: Vec<_> = said.collect();
    let all = overview.count();
    if all > 0 && overview.those(Mood::Well).len() == all {
        return view! { <p class="overview">{lang.overview_all(all)}": "{lang.overview_all_well()}</p> }.into_any();
    }
    view! { <p class="overview">{lang.overview_all(all)}": "{said}"."</p> }.into_any()
}
