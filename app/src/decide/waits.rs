//! What waits, as much of it as this page shows: a leaner reading of `wire::deciding`. Separate from the contract: to read
//! a round, its circuit and its decisions as what they are is a third of this page, which hands most of them on as they
//! came, to be signed.

use std::sync::Arc;

use domain::{Channel, Content, MemberId, Moment, PostId, record};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::who;
use crate::{api::json, state::lang};

/// What waits.
#[derive(Debug, Clone)]
pub struct Pages {
    /// The items, in order.
    pub items: Vec<Arc<Waits>>,
    /// How many more wait.
    pub more: usize,
    /// The channels that they go to.
    pub channels: Vec<Channel>,
    /// The names of everybody.
    pub names: Vec<(MemberId, String)>,
}

/// One item.
#[derive(Debug, Clone)]
pub struct Waits {
    /// The post.
    pub post: PostId,
    /// Exactly what would go out.
    pub content: Content,
    /// What it was.
    pub before: Option<Content>,
    /// All of it, as it came.
    pub tree: Value,
}

#[derive(Deserialize)]
struct Part {
    post: PostId,
    content: Content,
    before: Option<Content>,
}

impl Pages {
    /// Reads an answer; nothing if it is not one.
    pub fn read(tree: &Value) -> Option<Self> {
        let item = |tree: &Value| {
            let Part { post, content, before } = json::pick(tree.clone())?;
            Some(Arc::new(Waits { post, content, before, tree: tree.clone() }))
        };
        let items = tree["items"].as_array()?.iter().map(item).collect::<Option<_>>()?;
        let channels = tree["channels"].as_array()?.iter().map(who::channel).collect::<Option<_>>()?;
        let names = tree["names"].as_array()?.iter().filter_map(who::name).collect();
        Some(Self { items, more: tree["more"].as_u64()? as usize, channels, names })
    }

    /// The name of somebody in the answer: a member, or who is outside by their address.
    pub fn name(&self, person: &Value) -> String {
        match person["mailbox"].as_str() {
            Some(mailbox) => mailbox.to_owned(),
            None => self.name_of(&person["member"]),
        }
    }

    /// The name of a member.
    pub fn name_of(&self, member: &Value) -> String {
        let found = self.names.iter().find(|(id, _)| Some(id.as_str()) == member.as_str());
        found.map_or_else(|| lang().general_unknown().to_owned(), |(_, name)| name.clone())
    }
}

impl Waits {
    /// The round.
    pub fn round(&self) -> &Value {
        &self.tree["item"]["round"]
    }

    /// As what it can be decided on.
    pub fn seats(&self) -> &[Value] {
        self.tree["item"]["seats"].as_array().map_or(&[], Vec::as_slice)
    }

    /// What is decided on: a step of a round over a content. Another of them is another decision.
    pub fn key(&self) -> String {
        let round = self.round();
        let step = self.seats().first().map(|seat| &seat["step"]);
        [&self.tree["post"], &round["number"], step.unwrap_or(&Value::Null), &round["content_hash"]].map(text).join(".")
    }

    /// Whether what is shown is what the round is about: the same hash as the rules reckon, over what came.
    pub fn is_what_it_says(&self) -> bool {
        let hash = record::sha256_hex(self.tree["content"].to_string().as_bytes());
        self.round()["content_hash"].as_str() == Some(&hash)
    }
}

/// An object of JSON.
pub fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    // One by one: to collect them is to sort them first, which is 3 KB for each number of fields.
    let mut object = Map::new();
    for (name, value) in fields {
        object.insert(name.to_owned(), value);
    }
    Value::Object(object)
}

/// A moment in the answer.
pub fn moment(value: &Value) -> Option<Moment> {
    value.as_i64().map(Moment)
}

/// A text or a number in the answer.
pub fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
