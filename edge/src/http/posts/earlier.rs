//! What was submitted before: the other side of "what changed". Separate from the post's own page, which is asked for
//! every few seconds and seldom needs it.

use domain::Refusal;
use wire::posts::{Before, Earlier};

use crate::{answer::Refused, ask::Ask, store::submissions};

/// The content that was submitted last before a round. Who may not see where it was going then does not see it.
pub async fn submitted(ask: Ask<Before>) -> Result<Earlier, Refused> {
    let caller = ask.caller()?;
    let found = submissions::before(&ask.app.db, caller.org(), &ask.part("post")?, ask.body.before).await?;
    let (now, submitted) = found.ok_or(Refusal::NotFound)?;
    let seen = |content: &domain::Content| caller.sees(content.targets.iter().map(|target| &target.channel));
    if !seen(&now) {
        return Err(Refusal::OutOfReach.into());
    }
    Ok(Earlier { submitted: submitted.filter(|submitted| seen(&submitted.content)) })
}
