//! Whom a content names, with their accounts, in words.

use domain::{Contacts, Network, contacts::written};

use crate::{Lang, network_name};

/// Accounts as people write them: `X @CruzRoja, Mastodon @cruzroja@social.example`.
pub fn accounts<'a>(lang: Lang, all: impl Iterator<Item = (Network, &'a str)>) -> String {
    let one =
        |(network, account): (Network, &str)| [network_name(lang, network), " ", &written(network, account)].concat();
    all.map(one).collect::<Vec<_>>().join(", ")
}

/// Whom a content names, each with its accounts.
fn named(lang: Lang, all: &Contacts) -> String {
    let one = |(name, all): (&str, Vec<(Network, &str)>)| {
        if all.is_empty() { name.to_owned() } else { [name, " (", &accounts(lang, all.into_iter()), ")"].concat() }
    };
    all.all().into_iter().map(one).collect::<Vec<_>>().join("; ")
}

/// That other accounts go with it.
pub fn contacts_changed(lang: Lang, before: Option<&Contacts>, after: Option<&Contacts>) -> String {
    let said = |one: Option<&Contacts>| one.map_or_else(|| lang.difference_none().to_owned(), |one| named(lang, one));
    lang.contacts_changed(said(after), said(before))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_agrees_reads_which_accounts_changed() {
        let of = |text: &str| Contacts::try_from(text.to_owned()).unwrap();
        let (before, after) = (of("Cruz Roja"), of("Cruz Roja\nx CruzRoja\nbluesky cruzroja.es"));
        let said = contacts_changed(Lang::Es, Some(&before), Some(&after));
        assert!(
            said.contains("«Cruz Roja»") && said.contains("«Cruz Roja (X @CruzRoja, Bluesky @cruzroja.es)»"),
            "{said}"
        );
    }
}
