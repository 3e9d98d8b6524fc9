//! Which columns a list has, and how its lines are asked for, a page at a time. The one place that names every list.

use domain::listing::{Column, Row};
use wire::{
    Nothing,
    library::{Query, TAKE_OUT, TakeOut, USED},
    plan::{Around, PLAN, Plan},
    posts::{self as contract, SEARCH, Search},
    tasks::{LIST as TASKS, Query as Asked},
    texts::{FindProposals, FindReplies, PROPOSALS, REPLIES, TEMPLATES},
};

use super::{Known, List, house, library, posts, tasks, texts};
use crate::{
    api::{self, Answer},
    state::lang,
};

/// What is asked for at once, and where it goes on.
pub type Piece = (Vec<Row>, Option<String>);

impl List {
    /// How programs know it.
    pub const fn key(&self) -> &'static str {
        match self {
            List::Search(_) => "search",
            List::Waiting => "waiting",
            List::Library(_) => "library",
            List::Consents => "consents",
            List::Progress(_) => "progress",
            List::Promises(_) => "promises",
            List::Audiences => "audiences",
            List::Campaigns => "campaigns",
            List::Pillars => "pillars",
            List::Channels => "channels",
            List::Templates => "templates",
            List::Replies(_) => "replies",
            List::Proposals => "proposals",
            List::People => "people",
            List::Tasks(_) => "tasks",
        }
    }

    /// How people know it.
    pub fn title(&self) -> &'static str {
        let lang = lang();
        match self {
            List::Search(_) => lang.leaving_list_search(),
            List::Waiting => lang.leaving_list_waiting(),
            List::Library(_) => lang.leaving_list_library(),
            List::Consents => lang.leaving_list_consents(),
            List::Progress(_) => lang.leaving_list_progress(),
            List::Promises(_) => lang.leaving_list_promises(),
            List::Audiences => lang.leaving_list_audiences(),
            List::Campaigns => lang.leaving_list_campaigns(),
            List::Pillars => lang.leaving_list_pillars(),
            List::Channels => lang.leaving_list_channels(),
            List::Templates => lang.leaving_list_templates(),
            List::Replies(_) => lang.leaving_list_replies(),
            List::Proposals => lang.leaving_list_proposals(),
            List::People => lang.leaving_list_people(),
            List::Tasks(_) => lang.leaving_list_tasks(),
        }
    }

    /// How its file is called, as all files of the desk: in Spanish, and in letters that every system takes.
    pub const fn file(&self) -> &'static str {
        match self {
            List::Search(_) => "publicaciones",
            List::Waiting => "pendientes",
            List::Library(_) => "biblioteca",
            List::Consents => "consentimientos",
            List::Progress(_) => "plan",
            List::Promises(_) => "promesas",
            List::Audiences => "publicos",
            List::Campaigns => "campanas",
            List::Pillars => "ejes",
            List::Channels => "canales",
            List::Templates => "modelos",
            List::Replies(_) => "respuestas",
            List::Proposals => "propuestas",
            List::People => "personas",
            List::Tasks(_) => "tareas",
        }
    }

    /// Whether its lines have days that a calendar can show.
    pub const fn has_days(&self) -> bool {
        match self {
            List::Search(_)
            | List::Waiting
            | List::Library(_)
            | List::Consents
            | List::Campaigns
            | List::Templates
            | List::Replies(_)
            | List::Tasks(_) => true,
            List::Progress(_)
            | List::Promises(_)
            | List::Audiences
            | List::Pillars
            | List::Channels
            | List::Proposals
            | List::People => false,
        }
    }

    /// What it is sifted by, as the file for programs says it.
    pub fn asked(&self) -> serde_json::Value {
        match self {
            List::Search(words) => domain::json!({ "words": words }),
            List::Library(query) => domain::json!(query),
            List::Progress(day) | List::Promises(day) => domain::json!({ "day": day.to_string() }),
            List::Replies(text) => domain::json!({ "text": text }),
            List::Tasks(query) => domain::json!(query),
            _ => domain::json!({}),
        }
    }

    /// Its columns.
    pub fn columns(&self) -> Vec<Column> {
        match self {
            List::Search(_) | List::Waiting => posts::columns(),
            List::Library(_) => library::columns(),
            List::Consents => library::registered_columns(),
            List::Progress(_) => house::progress_columns(),
            List::Promises(_) => house::promise_columns(),
            List::Audiences => house::audience_columns(),
            List::Campaigns => house::campaign_columns(),
            List::Pillars => house::pillar_columns(),
            List::Channels => house::channel_columns(),
            List::Templates => texts::template_columns(),
            List::Replies(_) => texts::reply_columns(),
            List::Proposals => texts::proposal_columns(),
            List::People => house::person_columns(),
            List::Tasks(_) => tasks::columns(),
        }
    }

    /// Some of its lines, from where the ones before ended.
    ///
    /// # Errors
    /// As `api::call`.
    pub async fn piece(&self, known: &Known, cursor: Option<String>) -> Answer<Piece> {
        let whole = |rows: Vec<Row>| (rows, None);
        Ok(match self {
            List::Search(words) => {
                let page = api::call(&SEARCH, &[], &Search { words: words.clone(), cursor }).await?;
                (page.items.iter().map(|hit| posts::row(known, &hit.row)).collect(), page.next)
            }
            List::Waiting => {
                let query = contract::Query { waiting: Some(true), cursor, ..contract::Query::default() };
                let page = api::call(&contract::LIST, &[], &query).await?;
                (page.items.iter().map(|row| posts::row(known, row)).collect(), page.next)
            }
            List::Library(query) => {
                let page = api::call(&USED, &[], &Query { cursor, ..query.clone() }).await?;
                (page.items.into_iter().map(|one| library::row(known, one)).collect(), page.next)
            }
            List::Consents => {
                let page = api::call(&TAKE_OUT, &[], &TakeOut { cursor }).await?;
                (page.items.into_iter().map(|one| library::registered(known, one)).collect(), page.next)
            }
            List::Progress(day) => {
                let plan = api::call(&PLAN, &[], &Around { day: *day }).await?;
                whole(house::progress(known, house::week_of(*day), &plan))
            }
            List::Promises(day) => {
                let Plan { promises, .. } = api::call(&PLAN, &[], &Around { day: *day }).await?;
                whole(promises.iter().map(|one| house::promise(known, one)).collect())
            }
            List::Audiences => whole(known.themes.audiences.iter().map(house::audience).collect()),
            List::Campaigns => whole(known.themes.campaigns.iter().map(house::campaign).collect()),
            List::Pillars => whole(known.themes.pillars.iter().map(house::pillar).collect()),
            List::Channels => whole(known.channels.iter().map(|one| house::channel(known, one)).collect()),
            List::Templates => {
                let all = api::call(&TEMPLATES, &[], &Nothing {}).await?;
                whole(all.into_iter().map(|one| texts::template(known, one)).collect())
            }
            List::Replies(text) => {
                let page = api::call(&REPLIES, &[], &FindReplies { text: text.clone(), cursor }).await?;
                (page.items.into_iter().map(|one| texts::reply(known, one)).collect(), page.next)
            }
            List::Proposals => {
                let page = api::call(&PROPOSALS, &[], &FindProposals { cursor }).await?;
                (page.items.iter().map(|one| texts::proposal(known, one)).collect(), page.next)
            }
            List::People => whole(known.members.iter().map(|one| house::person(known, one)).collect()),
            List::Tasks(query) => {
                let page = api::call(&TASKS, &[], &Asked { cursor, ..query.clone() }).await?;
                (tasks::rows(known, &page), page.next)
            }
        })
    }
}
