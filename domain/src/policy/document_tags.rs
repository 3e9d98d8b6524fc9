//! A document without tags. A public body's documents are to be readable by everybody (RD 1112/2018, EN 301 549 clause 10): a screen
//! reader finds headings, lists and the order of the text by the tags, and without them reads what stands on the sheet as it comes.
//! That there are tags does not say that they are good: this is the one thing that can be seen without reading it.

use super::{
    Evidence, Field, Place,
    draft::{Draft, at},
};

pub(super) fn look(draft: &Draft<'_>) -> Vec<(Place, Evidence)> {
    let untagged = draft.content.document.as_ref().is_some_and(|document| !document.tagged);
    untagged.then_some((at(None, None, Field::Document), Evidence::Missing)).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Mode, Rule, draft::bench};
    use super::*;
    use crate::Document;

    #[test]
    fn what_is_not_tagged_is_told_and_goes_out() {
        let (town, mut content) = (bench::town(), bench::notice());
        content.document = Some(bench::document("Acta"));
        assert_eq!(town.found(Rule::DocumentTags, &content), []);
        content.document = Some(Document { tagged: false, ..bench::document("Acta") });
        let found = town.found(Rule::DocumentTags, &content);
        assert_eq!(found, [(at(None, None, Field::Document), Evidence::Missing)]);
        assert_eq!(Rule::DocumentTags.default_mode(), Mode::Warn);
    }
}
