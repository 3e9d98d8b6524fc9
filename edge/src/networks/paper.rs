//! A document from the bucket on its way to a network: a stream, as a video is (`film`), bare or as the file of a form.

use domain::{
    RenderedDocument,
    delivery::Outcome,
    document::{MIME, sent_name},
};

use super::{Errand, film};
use crate::{
    store::documents,
    videos::{Outgoing, Source},
};

/// Where the bytes of a document are, if reading them and `after` calls and queries more fit what is left of this invocation.
///
/// # Errors
/// `NotSent` if they do not, or if the document cannot be found.
pub async fn find(errand: &Errand<'_>, document: &RenderedDocument, after: u32) -> Result<Source, Outcome> {
    let unsent = |message: &str| Outcome::NotSent { message: message.to_owned() };
    let found = documents::find(&errand.app.db, errand.org, &document.media).await;
    let found = found.map_err(|_| unsent("the database cannot be reached"))?;
    let whole = found.filter(|kept| kept.facts.is_some() && kept.hash == document.hash);
    let source = whole.ok_or_else(|| unsent("the document is missing in the store"))?.source;
    if !errand.app.ledger().affords(1 + after) {
        return Err(unsent("the document does not fit what is left of this invocation"));
    }
    Ok(source)
}

/// The bytes as a file of a form, behind its other fields, under the name of the document; and the type of all of it.
pub fn in_a_form(
    source: Source,
    boundary: &str,
    fields: &[(&str, &str)],
    document: &RenderedDocument,
) -> (Outgoing, String) {
    film::named(film::bare(source), boundary, fields, ("document", &sent_name(&document.title), MIME))
}
