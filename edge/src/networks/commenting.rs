//! The first comment on Meta's networks: one more call once the post is out. Separate because Facebook and Instagram differ in names
//! only, and because it has the same danger as the post itself: there is no handle that makes a repeat harmless. So what the account
//! has written below the post is read before anything is sent, and what may have gone out is looked up there.

use domain::{
    Network as Name,
    delivery::{Likeness, Outcome, Receipt, Sighting},
};
use serde_json::Value;

use super::{
    Errand, Weight, listed,
    meta::{Graph, address, is_node, not_of_the_interface},
};
use crate::faults;

/// How a network names what stands below a post.
struct House {
    names: listed::Names,
    /// What is read of it, besides the names.
    fields: &'static str,
    /// What else is asked for.
    parameters: &'static [(&'static str, &'static str)],
    /// Whether it can be asked for what came since an instant.
    is_since: bool,
    /// The most that it gives at once.
    most: usize,
    /// What is asked for of what was written, besides its identity.
    answers: Option<&'static str>,
}

/// Page Post Comments (Meta's description of 2026-04-15). The oldest first: whoever writes first is among them.
const FACEBOOK: House = House {
    names: listed::Names { words: "message", at: "created_time", address: "permalink_url" },
    fields: "id,message,created_time,permalink_url,from",
    parameters: &[("filter", "toplevel"), ("order", "chronological")],
    is_since: true,
    most: 100,
    answers: Some("id,permalink_url"),
};

/// IG Media Comments (Meta's reference, 2025-01-21): the newest first, fifty at most.
const INSTAGRAM: House = House {
    names: listed::Names { words: "text", at: "timestamp", address: "permalink" },
    fields: "id,text,timestamp,username,user",
    parameters: &[],
    is_since: false,
    most: 50,
    answers: None,
};

/// A post of an account, below which a comment goes.
pub struct Below<'a> {
    /// The interface.
    pub graph: &'a Graph<'a>,
    /// The account.
    pub account: &'a str,
    /// The post.
    pub post: &'a str,
}

impl Below<'_> {
    fn house(network: Name) -> &'static House {
        if network == Name::Instagram { &INSTAGRAM } else { &FACEBOOK }
    }

    fn edge(&self) -> String {
        [self.post, "/comments"].concat()
    }

    /// Our comment among those that the account wrote below the post since it was first tried; and whether there may be more than were
    /// given.
    async fn standing(&self, errand: &Errand<'_>) -> Result<(Likeness<Receipt>, bool), Outcome> {
        let house = Self::house(errand.network);
        // Instagram tells people by their names.
        let name = match errand.network {
            Name::Instagram => self.graph.read(self.account, &[("fields", "id,username")]).await?["username"].take(),
            _ => Value::Null,
        };
        let (since, most) = (listed::since(errand.made).to_string(), house.most.to_string());
        let mut parameters = vec![("fields", house.fields), ("limit", most.as_str())];
        parameters.extend(house.parameters);
        parameters.extend(house.is_since.then_some(("since", since.as_str())));
        let mut found = self.graph.read(&self.edge(), &parameters).await?;
        let Value::Array(mut comments) = found["data"].take() else { return Err(not_of_the_interface()) };
        let is_full = comments.len() >= house.most;
        comments.retain(|one| is_own(one, self.account, &name));
        let (sent, taken) = (errand.rendition.as_sent(errand.network), errand.taken(errand.made).await?);
        let likeness = match listed::ours(&house.names, &comments, &sent, "", errand.made, &taken) {
            Likeness::One(one) => receipt(errand, house, one).map_or(Likeness::None, Likeness::One),
            Likeness::None => Likeness::None,
            Likeness::Several => Likeness::Several,
        };
        Ok((likeness, is_full))
    }

    /// Writes it, unless it stands there already: an earlier try may have, whatever it was answered.
    pub async fn write(&self, errand: &Errand<'_>) -> Result<Outcome, Outcome> {
        // A known bug, to prove that the campaign finds it: a silence is taken for a no, and nobody looks before the next try.
        let is_blind = faults::planted("blind_comment");
        let standing = if is_blind { (Likeness::None, false) } else { self.standing(errand).await? };
        match standing {
            (Likeness::One(receipt), _) => return Ok(Outcome::Accepted(receipt)),
            (Likeness::Several, _) => {
                let message = "the account has written it below the post several times".to_owned();
                return Err(Outcome::NoAnswer { message, status: None });
            }
            (Likeness::None, _) => {}
        }
        let house = Self::house(errand.network);
        let sent = errand.rendition.as_sent(errand.network);
        let mut fields = vec![("message", sent.as_str())];
        fields.extend(house.answers.map(|answers| ("fields", answers)));
        let answer = match self.graph.post(Weight::Visible, &self.edge(), &fields).await {
            Err(Outcome::NoAnswer { message, .. }) if is_blind => return Err(Outcome::NotSent { message }),
            answer => answer?,
        };
        if !answer.is_success() {
            return Err(self.graph.outcome(Weight::Visible, &answer));
        }
        let receipt = answer.json().and_then(|written| receipt(errand, house, &written));
        receipt.map(Outcome::Accepted).ok_or_else(|| Weight::Visible.of_nonsense(&answer))
    }

    /// Looks whether it stands there. Where more was written than is given at once, that it is not among it proves nothing.
    pub async fn look(&self, errand: &Errand<'_>) -> Result<Sighting, Outcome> {
        Ok(match self.standing(errand).await? {
            (Likeness::One(receipt), _) => Sighting::Found(receipt),
            (Likeness::None, false) => Sighting::NotFound,
            (Likeness::None, true) | (Likeness::Several, _) => Sighting::ForAPerson,
        })
    }
}

/// Whether a comment is the account's own: by whom Facebook says that it is from; at Instagram by its user, who is told of nobody
/// else's, or by its name.
fn is_own(comment: &Value, account: &str, name: &Value) -> bool {
    let by = |field: &str| comment[field]["id"] == account;
    by("from") || by("user") || (name.is_string() && comment["username"] == *name)
}

fn receipt(errand: &Errand<'_>, house: &House, comment: &Value) -> Option<Receipt> {
    let id = comment["id"].as_str().filter(|id| is_node(id))?;
    Some(errand.receipt(id, address(comment, house.names.address), None))
}

#[cfg(test)]
mod tests {
    use domain::json;

    use super::*;

    #[test]
    fn somebody_else_s_comment_of_the_same_words_is_not_ours() {
        let name = json!("villa");
        let from = |id: &str| json!({ "from": json!({ "id": id }) });
        let user = json!({ "user": json!({ "id": "7" }) });
        assert!(is_own(&from("7"), "7", &Value::Null) && is_own(&user, "7", &Value::Null));
        assert!(is_own(&json!({ "username": "villa" }), "7", &name));
        for other in [from("8"), json!({ "username": "vecina" }), json!({})] {
            assert!(!is_own(&other, "7", &name), "{other}");
        }
        assert!(!is_own(&json!({ "username": Value::Null }), "7", &Value::Null));
    }
}
