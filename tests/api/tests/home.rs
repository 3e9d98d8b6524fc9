//! The home page: what needs somebody now.

use api_journeys::Town;
use wire::{Nothing, home::HOME};

#[test]
fn while_nothing_happens_the_page_is_the_same_whatever_the_clock_does() {
    let town = Town::alone("Villa Quieta");
    let author = town.author();
    author.write(&town.notice("Un borrador que espera."));
    town.tick();
    let before = author.ok(&HOME, &[], &Nothing {});
    town.tick();
    // The desk draws it anew only when it says something else: the focus and what is unfolded stay.
    assert_eq!(author.ok(&HOME, &[], &Nothing {}), before);
}
