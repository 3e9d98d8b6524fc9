//! What a handover takes on the networks themselves, as data: nothing that Pregón could do, and all that is forgotten.
//! Separate from the rules of custody: it changes when a network changes its settings.

use crate::Network;

/// Something to be done on a network when somebody leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Chore {
    /// Whoever takes over becomes an administrator there, and the former person stops being one: in this order.
    Administrators,
    /// The mail address and the telephone with which the account is recovered become the organisation's.
    Contact,
    /// A new password, kept where both custodians reach it.
    Password,
    /// The second factor of the former person goes, those of both custodians come; new recovery codes are printed.
    SecondFactor,
    /// Open sessions, and the applications that were let in, are ended; Pregón is connected again afterwards.
    Sessions,
    /// The developer app (or the bot) passes to an account of the organisation's, and its secret is made anew.
    App,
}

impl Chore {
    /// Every one, in the order in which they are done: first the new way in, then the old one is closed.
    pub const ALL: [Chore; 6] =
        [Chore::Administrators, Chore::Contact, Chore::Password, Chore::SecondFactor, Chore::Sessions, Chore::App];
}

/// What is to be done on a network, in the order in which it is done.
pub const fn chores(network: Network) -> &'static [Chore] {
    use Chore::*;
    match network {
        // Ours: whoever is removed here is out.
        Network::Noticeboard => &[],
        // One login that several people know.
        Network::Bluesky | Network::Mastodon => &[Contact, Password, SecondFactor, Sessions],
        Network::X | Network::Threads | Network::Tumblr | Network::Tiktok => {
            &[Contact, Password, SecondFactor, Sessions, App]
        }
        // One login, and a page of Facebook whose administrators reach it as well.
        Network::Instagram => &[Administrators, Contact, Password, SecondFactor, Sessions, App],
        // Everybody with their own login: there is no password to change.
        Network::Facebook | Network::Linkedin | Network::Youtube | Network::Telegram => &[Administrators, App],
        // The number is the account; only it makes others administrators.
        Network::Whatsapp => &[Administrators, Contact, SecondFactor, Sessions],
        // The box behind a screen has somebody who may change what it shows, and a password.
        Network::Website | Network::Screen => &[Administrators, Contact, Password],
        // A paper has no account of ours: it knows whom it hears from.
        Network::Paper => &[Contact],
        Network::Parler => &[Contact, Password, SecondFactor, Sessions],
        Network::Nextdoor | Network::Other => &[Administrators, Contact, Password, SecondFactor, Sessions],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_network_but_our_own_asks_for_something_and_in_the_one_order() {
        for network in Network::ALL {
            let list = chores(network);
            assert_eq!(list.is_empty(), network == Network::Noticeboard, "{network:?}");
            let places: Vec<_> =
                list.iter().map(|chore| Chore::ALL.iter().position(|one| one == chore).unwrap()).collect();
            assert!(places.is_sorted_by(|one, next| one < next), "{network:?}");
        }
    }

    #[test]
    fn where_there_is_a_password_there_is_a_way_to_recover_it() {
        for network in Network::ALL {
            let has = |chore| chores(network).contains(&chore);
            assert!(!has(Chore::Password) || has(Chore::Contact), "{network:?}");
        }
    }
}
