//! How evenly the networks are served: a row a network, a bar a day, every number readable as text.

use domain::Network;
use leptos::prelude::*;
use words::network_name;

use super::{Board, Shown};
use crate::{
    pages::around,
    parts::arrange,
    platform::time::{self, Form},
    state::lang,
};

/// The table of counts.
#[component]
pub fn Evenness(board: Board) -> AnyView {
    let lang = lang();
    let counts = Memo::new(move |_| {
        board.shown.with(|Shown { rows, .. }| {
            let mut table: Vec<(Network, [u32; 7])> = Vec::new();
            for (column, (_, of)) in board.by_day(rows).iter().enumerate().take(7) {
                for going in of.iter().filter_map(|place| rows.get(*place)).flat_map(|row| &row.going) {
                    match table.iter_mut().find(|(network, _)| *network == going.network) {
                        Some((_, days)) => days[column] += 1,
                        None => {
                            let mut days = [0; 7];
                            days[column] = 1;
                            table.push((going.network, days));
                        }
                    }
                }
            }
            arrange(&mut table, |(network, _)| *network);
            table
        })
    });
    let heads = move || {
        let days = board.window.get().days().map(|day| time::date(day, lang.tag(), Form::DayShort));
        days.map(|name| view! { <th scope="col">{name}</th> }).collect::<Vec<_>>()
    };
    let promised = move |network: Network| {
        let found = board.promised.with(|all| all.iter().find(|one| one.network == network).copied());
        found.map(|one| {
            let class = if one.there < one.promised { "even-promised even-gap" } else { "even-promised" };
            view! { <span class=class>{one.said()}</span> }
        })
    };
    let rows = move || {
        let counts = counts.get();
        let most = counts.iter().flat_map(|(_, days)| days).copied().max().unwrap_or(0).max(1);
        let line = |(network, days): (Network, [u32; 7])| {
            let cells = days.into_iter().map(|count| {
                // By hundreds, in whole numbers: to write one with a point takes 10 KB.
                let part = count.min(most) * 100 / most;
                view! {
                    <td><i class="even-bar" aria-hidden="true" style=("--part", format!("calc({part} / 100)"))></i>
                        <span>{count}</span></td>
                }
            });
            view! {
                <tr>
                    <th scope="row">{around::mark(network)}<span>{network_name(lang, network)}</span></th>
                    {cells.collect::<Vec<_>>()}
                    <td class="even-sum">{days.iter().sum::<u32>()}{promised(network)}</td>
                </tr>
            }
        };
        counts.into_iter().map(line).collect::<Vec<_>>()
    };
    view! {
        <table class="even" hidden=move || counts.with(Vec::is_empty)>
            <caption>{lang.calendar_even()}</caption>
            <thead><tr><td></td>{heads}<th scope="col">{lang.calendar_even_sum()}</th></tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}
