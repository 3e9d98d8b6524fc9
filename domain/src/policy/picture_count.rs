//! More pictures than the network takes.

use super::{
    Evidence, Field, Place,
    draft::{Draft, at},
};

pub(super) fn look(draft: &Draft<'_>) -> Vec<(Place, Evidence)> {
    let count = draft.content.pictures.len() as u64;
    draft
        .channels()
        .filter(|channel| count > channel.limits.pictures.into())
        .map(|channel| {
            let limit = channel.limits.pictures.into();
            (at(Some(channel), None, Field::Post), Evidence::Over { limit, count })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Rule, draft::bench};
    use super::*;

    #[test]
    fn each_network_takes_its_own_number() {
        let mut content = bench::notice();
        content.pictures = vec![bench::picture("La plaza, llena"); 5];
        let found = bench::town().found(Rule::PictureCount, &content);
        let over: Vec<_> = found.into_iter().map(|(place, evidence)| (place.channel.unwrap(), evidence)).collect();
        let over_by = |limit| Evidence::Over { limit, count: 5 };
        assert_eq!(
            over,
            [(bench::bluesky(), over_by(4)), (bench::mastodon(), over_by(4)), (bench::whatsapp(), over_by(1))]
        );
    }
}
