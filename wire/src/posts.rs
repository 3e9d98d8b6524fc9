//! Posts: writing, submitting, deciding, placing, correcting.

use chrono::NaiveDateTime;
use domain::{
    Act, Audience, AudienceId, Campaign, CampaignId, Choice, Content, Decision, DecisionId, Kind, Language, MemberId,
    Message, MessageId, Moment, Network, Pillar, PillarId, Post, PostId, Round, SeriesId, StageName, StepId, UnitId,
    circuit::Matter,
    clash::Gist,
    delivery::PublicationState,
    guidance::{Checked, Checks, Guide},
    matter::{Remark, Says, Sighting},
    outside::Link,
    plan::Missed,
    policy::{Finding, Rule, Waiver},
    round::{Margin, Waiting},
    slot::Fold,
    sought::Passage,
    statement::{Nonce, Sitting},
    translation::Behind,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Endpoint, Listed, Method::*, Nothing, Page, Who, emergencies::Story, publications::PublicationView};

/// Lists posts, newest change first, or by slot within a span.
pub const LIST: Endpoint<Query, Page<PostRow>> = Endpoint::new(Get, "/api/posts", Who::May(Act::Read));
/// Finds posts of any day by words of their headings and texts in any language, what was begun last first, a page at a time. A page
/// may have none, and another behind it: so many are looked at in one go.
pub const SEARCH: Endpoint<Search, Page<Hit>> = Endpoint::new(Get, "/api/posts/search", Who::May(Act::Read));
/// A post with everything about it.
pub const READ: Endpoint<Nothing, PostView> = Endpoint::new(Get, "/api/posts/{post}", Who::May(Act::Read));
/// Writes a post: creates it under the identity that the desk chose (version 0), or changes it (the version the change
/// started from). So an autosave that was sent twice does nothing twice. A translator or designer may change only
/// what `Contribute` covers; the engine compares.
pub const SAVE: Endpoint<Save, PostView> = Endpoint::new(Put, "/api/posts/{post}", Who::May(Act::Contribute));
/// Gives a post up before anything went out.
pub const CANCEL: Endpoint<Reason, PostView> =
    Endpoint::new(Post, "/api/posts/{post}/cancellation", Who::May(Act::Write));
/// Checks a content as the engine would on submitting, without storing anything.
pub const CHECK: Endpoint<Content, Vec<Finding>> = Endpoint::new(Post, "/api/checks", Who::May(Act::Read));
/// Submits for approval.
pub const SUBMIT: Endpoint<Submit, PostView> =
    Endpoint::new(Post, "/api/posts/{post}/submissions", Who::May(Act::Submit));
/// Takes the submission back.
pub const WITHDRAW: Endpoint<AtVersion, PostView> =
    Endpoint::new(Delete, "/api/posts/{post}/submissions", Who::May(Act::Submit));
/// What was submitted last before a round: what the open one is compared with.
pub const SUBMITTED: Endpoint<Before, Earlier> =
    Endpoint::new(Get, "/api/posts/{post}/submissions", Who::May(Act::Read));
/// Decides in the open round.
pub const DECIDE: Endpoint<Decide, PostView> =
    Endpoint::new(Post, "/api/posts/{post}/decisions", Who::May(Act::Decide));
/// Asks for what is needed to sign a decision: the round, a nonce that works once within 72 hours, and the browser's
/// options.
pub const NONCE: Endpoint<Nothing, Item> = Endpoint::new(Post, "/api/posts/{post}/nonces", Who::May(Act::Decide));
/// Sends a code to the member's mailbox that confirms one statement: for who has no passkey at hand.
pub const CODE: Endpoint<AskCode, CodeSent> = Endpoint::new(Post, "/api/posts/{post}/codes", Who::May(Act::Decide));
/// Decides by giving back the code that was asked for last.
pub const CONFIRM: Endpoint<Confirm, PostView> =
    Endpoint::new(Post, "/api/posts/{post}/confirmations", Who::May(Act::Decide));
/// Sends somebody outside their link again, also one that was taken back.
pub const SEND_LINK: Endpoint<Nothing, PostView> =
    Endpoint::new(Post, "/api/posts/{post}/links/{link}/sendings", Who::May(Act::Submit));
/// Takes a link back: nobody comes in with it any more, and whoever is in is out.
pub const REVOKE_LINK: Endpoint<Nothing, PostView> =
    Endpoint::new(Delete, "/api/posts/{post}/links/{link}", Who::May(Act::Submit));
/// The links to people outside in the rounds that wait, of what whoever asks has submitted, newest first.
pub const LINKS: Endpoint<Nothing, Vec<OutsideLink>> = Endpoint::new(Get, "/api/links", Who::May(Act::Submit));
/// The receipt of a decision that was signed or confirmed with a code: verifies without access to this engine.
pub const RECEIPT: Endpoint<Nothing, Receipt> =
    Endpoint::new(Get, "/api/posts/{post}/decisions/{decision}/receipt", Who::May(Act::Read));
/// Waives a blocking finding.
pub const WAIVE: Endpoint<Waive, PostView> = Endpoint::new(Post, "/api/posts/{post}/waivers", Who::May(Act::Waive));
/// Says that a post speaks of something, or that what was found is not so; or takes one's word back. Counts from the next
/// submission on.
pub const REMARK: Endpoint<Remarking, PostView> = Endpoint::new(Put, "/api/posts/{post}/matters", Who::May(Act::Write));
/// Says that a translation is up to date though its source has changed since it was written. Nothing of what will be said changes.
pub const TRANSLATED: Endpoint<Translated, PostView> =
    Endpoint::new(Put, "/api/posts/{post}/translations", Who::May(Act::Contribute));
/// Places or moves; what is not agreed yet is planned for that hour.
pub const PLACE: Endpoint<Place, PostView> = Endpoint::new(Put, "/api/posts/{post}/slot", Who::May(Act::Publish));
/// Takes the slot away, or the hour that was planned.
pub const UNPLACE: Endpoint<AtVersion, PostView> =
    Endpoint::new(Delete, "/api/posts/{post}/slot", Who::May(Act::Publish));
/// Asks for narrower times than the usual with the next submission, or no longer.
pub const NARROW: Endpoint<Narrow, PostView> = Endpoint::new(Put, "/api/posts/{post}/margin", Who::May(Act::Submit));
/// Publishes now.
pub const RELEASE: Endpoint<AtVersion, PostView> =
    Endpoint::new(Post, "/api/posts/{post}/release", Who::May(Act::Publish));
/// Proposes a correction of what is out; goes out when somebody else approved it.
pub const CORRECT: Endpoint<Correct, PostView> =
    Endpoint::new(Post, "/api/posts/{post}/corrections", Who::May(Act::Correct));
/// Takes down what is out, everywhere it can be: role and reason, no approval.
pub const TAKE_DOWN: Endpoint<Reason, PostView> =
    Endpoint::new(Post, "/api/posts/{post}/takedown", Who::May(Act::TakeDown));

/// All of them.
pub const LISTED: &[Listed] = &[
    LIST.listed(),
    SEARCH.listed(),
    READ.listed(),
    SAVE.listed(),
    CANCEL.listed(),
    CHECK.listed(),
    SUBMIT.listed(),
    WITHDRAW.listed(),
    SUBMITTED.listed(),
    DECIDE.listed(),
    NONCE.listed(),
    CODE.listed(),
    CONFIRM.listed(),
    LINKS.listed(),
    SEND_LINK.listed(),
    REVOKE_LINK.listed(),
    RECEIPT.listed(),
    WAIVE.listed(),
    REMARK.listed(),
    TRANSLATED.listed(),
    PLACE.listed(),
    UNPLACE.listed(),
    NARROW.listed(),
    RELEASE.listed(),
    CORRECT.listed(),
    TAKE_DOWN.listed(),
];

/// What to list.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// Slots from this moment on. With `until`, the calendar: everything in the span, a thousand a page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    /// Slots before this moment (at most 62 days after `from`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
    /// Only this stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<StageName>,
    /// Only what has no hour and is not out: to be planned or placed. What is agreed to first, a hundred a page, and how many there
    /// are behind it for who sees all channels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unplaced: Option<bool>,
    /// Only what waits for a decision of who asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<bool>,
    /// From the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// What to look for.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// Words that all stand in it, the last one perhaps not ended.
    pub words: String,
    /// From the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// A post that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// The post.
    pub row: PostRow,
    /// Where in its texts; nothing where only the heading has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passage: Option<Passage>,
}

/// A post in a list or a calendar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PostRow {
    /// Its identity.
    pub id: PostId,
    /// Its version.
    pub version: u64,
    /// A name for it.
    pub heading: String,
    /// Its kind.
    pub kind: Kind,
    /// Where it is.
    pub stage: StageName,
    /// Who wrote it.
    pub author: MemberId,
    /// Its slot; of what is not agreed yet, the hour that is wished.
    pub slot: Option<Moment>,
    /// The hour that it lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missed: Option<Miss>,
    /// Its destinations and what became of each.
    pub going: Vec<Going>,
    /// Last change.
    pub changed: Moment,
    /// Whether a correction waits for a decision.
    pub correcting: bool,
    /// The series that it is of. Only in a span, and in the list of what waits for a decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<SeriesId>,
    /// The campaign that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<CampaignId>,
    /// The pillar that it is under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pillar: Option<PillarId>,
    /// The audience that it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<AudienceId>,
    /// The message that it carries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageId>,
    /// The units of whoever wrote it. Only in a span, of what is still to go out and is of a campaign or carries a message.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<UnitId>,
}

/// An hour at which a post does not go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Miss {
    /// The hour.
    pub at: Moment,
    /// Why not.
    pub why: Missed,
}

/// A link to somebody outside, with the post that waits for them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutsideLink {
    /// The post.
    pub post: PostId,
    /// A name for it.
    pub heading: String,
    /// The link.
    pub link: Link,
}

/// One destination of a post.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Going {
    /// The network of the channel.
    pub network: Network,
    /// The channel.
    pub channel: domain::ChannelId,
    /// The language.
    pub language: Language,
    /// What became of it, once placed.
    pub state: Option<PublicationState>,
    /// What it says there, as it is compared with others. Only in a span, of what is still to go out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub says: Option<Gist>,
}

/// A post with everything about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PostView {
    /// The post.
    pub post: Post,
    /// SHA-256 of its content (of the correction's, if one waits): what a decision names.
    pub content_hash: String,
    /// What the engine finds in it now (in the correction's content, if one waits).
    pub findings: Vec<Finding>,
    /// What was waived.
    pub waivers: Vec<Waiver>,
    /// Which translations of the post's own content are older than their source.
    #[serde(default, skip_serializing_if = "Behind::is_empty")]
    pub behind: Behind,
    /// What it speaks of, by which words.
    pub sightings: Vec<Sighting>,
    /// What people said of that.
    pub remarks: Vec<Remark>,
    /// What the organisation asks of who writes and who decides.
    pub guide: Guide,
    /// The checklist of every submission and decision, oldest first.
    pub checks: Vec<Checks>,
    /// Every decision of every round, oldest first.
    pub decisions: Vec<Decided>,
    /// Who is asked now, and by when; nothing when nothing waits.
    pub waiting: Option<Waiting>,
    /// The publications, with their acts and attempts.
    pub publications: Vec<PublicationView>,
    /// The campaign that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<Campaign>,
    /// The pillar that it is under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pillar: Option<Pillar>,
    /// The audience that it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<Audience>,
    /// The message that it carries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Message>,
    /// Names of everybody who appears above.
    pub names: Vec<(MemberId, String)>,
    /// When it was created.
    pub created: Moment,
    /// Last change.
    pub changed: Moment,
    /// Who wrote what it says now. Whoever plans or agrees changes it too, and wrote nothing of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub writer: Option<MemberId>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written: Option<Moment>,
    /// Who else has it open.
    pub editors: Vec<Editor>,
    /// Who outside was sent a link.
    #[serde(default)]
    pub links: Vec<Link>,
    /// How whoever looks may publish it as an emergency now; nothing where the protocol does not name them or the post
    /// is not where it could go out from.
    pub urgent: Option<domain::emergency::Before>,
    /// The emergencies it was in, oldest first.
    pub emergencies: Vec<Story>,
    /// Where writing, agreeing and publishing are kept apart: who may let it out. Nothing: whoever may publish.
    pub publishers: Option<Vec<MemberId>>,
    /// Who may place it, where that is not whoever planned it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub placers: Vec<MemberId>,
}

/// Somebody who has a post open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Editor {
    /// Who.
    pub member: MemberId,
    /// Their name.
    pub name: String,
    /// When they were last there.
    pub seen: Moment,
}

/// Writes a post.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Save {
    /// The version the change started from; 0 creates.
    pub version: u64,
    /// The content.
    pub content: Content,
}

/// A translation that somebody has looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Translated {
    /// The version of the post that was looked at.
    pub version: u64,
    /// The language of the translation.
    pub language: Language,
}

/// An act on the post as it was when it was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AtVersion {
    /// The version.
    pub version: u64,
}

/// A round to look back from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Before {
    /// Its number.
    pub before: u32,
}

/// What was submitted last, if anything was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Earlier {
    /// That.
    pub submitted: Option<Submitted>,
}

/// A content that was submitted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Submitted {
    /// In which round.
    pub round: u32,
    /// Who submitted it.
    pub by: MemberId,
    /// When.
    pub at: Moment,
    /// The content.
    pub content: Content,
}

/// A submission.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Submit {
    /// The version.
    pub version: u64,
    /// What was ticked by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked: Option<Checked>,
}

/// A decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decide {
    /// The content that was seen.
    pub content_hash: String,
    /// What.
    pub choice: Choice,
    /// Whose substitute decides, if it is not for themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acting_for: Option<MemberId>,
    /// What was ticked by hand. Beside the statement, not in it: it is kept in the record with the content's hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked: Option<Checked>,
    /// The signature; without it only where a rehearsal signed the member in without a passkey.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<Signed>,
}

/// A statement and the passkey's answer to its challenge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// `domain::statement::Statement::canonical`.
    pub statement: String,
    /// The assertion, in the JSON form of WebAuthn Level 3.
    pub credential: Value,
    /// Where it signs several decisions: `domain::attestation::digest` of the statement of each, in the order in which they were
    /// shown; then its challenge is `domain::statement::challenge_together`. Each is sent by itself, with its own statement. Not
    /// for words in an emergency.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub together: Vec<String>,
}

/// A decision that was taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decided {
    /// Its identity: of its receipt, too.
    pub id: DecisionId,
    /// Who decided what.
    pub decision: Decision,
    /// How it was proven.
    pub proof: Proof,
    /// When it was brought here with a copy of the organisation: nobody here saw it decided. Nothing for what was decided here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brought: Option<Moment>,
}

/// How a decision was proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// Not at all: it was taken in a rehearsal, or before there were receipts.
    Nothing,
    /// A passkey signed it.
    Passkey,
    /// A code by mail confirmed it.
    Code,
}

/// Asks for a code over a statement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskCode {
    /// `domain::statement::Statement::canonical`.
    pub statement: String,
    /// What is decided, with its words.
    pub choice: Choice,
}

/// A code is on its way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CodeSent {
    /// Where to, masked.
    pub mailbox: String,
    /// Until when it works.
    pub expires: Moment,
}

/// Gives a code back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirm {
    /// The digits, with or without spaces.
    pub code: String,
    /// What was ticked by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked: Option<Checked>,
}

/// What waits to be signed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// The round that is open.
    pub round: Round,
    /// As what this member can decide: for themselves first.
    pub seats: Vec<Seat>,
    /// The number for this one decision.
    pub nonce: Nonce,
    /// The options for the browser, with an empty `challenge`: it is the statement's, and only the desk knows what is
    /// decided. Nothing where a rehearsal signed the member in without a passkey.
    pub options: Option<Value>,
    /// To which mailbox (masked) a code can be sent instead; nothing where a passkey is the only way.
    #[serde(default)]
    pub code: Option<String>,
}

/// A place in the step that is open, as whoever asked can take it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Seat {
    /// The step.
    pub step: StepId,
    /// Whose substitute they are.
    pub acting_for: Option<MemberId>,
    /// As what.
    pub sitting: Sitting,
}

/// The proof of one decision, for anybody, for years. `docs/ARCHITECTURE.md` says how it is verified. Its `format` says
/// which of the two it is; their fields differ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Receipt {
    /// A passkey signed it.
    Signed(SignedReceipt),
    /// A code by mail confirmed it.
    Attested(AttestedReceipt),
}

/// The receipt of a decision that a code by mail confirmed: the organisation says so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AttestedReceipt {
    /// `domain::attestation::FORMAT`.
    pub format: String,
    /// The statement, byte for byte what was confirmed.
    pub statement: String,
    /// What was decided, with its words.
    pub choice: Choice,
    /// `domain::attestation::Attestation::canonical`.
    pub attestation: String,
    /// The organisation's signature over `pregon/attestation/1` and the attestation, as in a signed receipt.
    pub attestation_signature: String,
    /// The organisation's public key (JWK). Believe it only if it is the one in its register.
    pub organisation_key: Value,
}

/// The receipt of a decision that a passkey signed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignedReceipt {
    /// `pregon/receipt/1`; `pregon/series-receipt/1` where one signature covers several decisions.
    pub format: String,
    /// The statement, byte for byte what was signed over.
    pub statement: String,
    /// In the second of the formats alone: the hashes of all the statements that the signature covers, this one among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub together: Vec<String>,
    /// What was decided, with its words.
    pub choice: Choice,
    /// The passkey's answer.
    pub assertion: Assertion,
    /// Canonical JSON: whose the key is, since when, how it was confirmed, on which site.
    pub enrolment: String,
    /// The organisation's signature over `pregon/enrolment/1` and the enrolment: ECDSA P-256 with SHA-256, `r ‖ s`,
    /// base64url.
    pub enrolment_signature: String,
    /// The organisation's public key (JWK). Believe it only if it is the one in its register.
    pub organisation_key: Value,
}

/// What an authenticator answered, base64url.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assertion {
    /// Which credential.
    pub credential: String,
    /// The authenticator's data.
    pub authenticator_data: String,
    /// The client data, as the browser wrote it.
    pub client_data: String,
    /// The signature, as the authenticator wrote it.
    pub signature: String,
}

/// A waiver.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waive {
    /// The rule.
    pub rule: Rule,
    /// The finding.
    pub fingerprint: String,
    /// Why.
    pub reason: String,
}

/// A word on what a post speaks of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remarking {
    /// Of what.
    pub matter: Matter,
    /// What is said; nothing takes back what was said.
    #[serde(default)]
    pub says: Option<Says>,
    /// Why. Wanted for saying that it is not so.
    #[serde(default)]
    pub reason: String,
}

/// A slot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The version.
    pub version: u64,
    /// What the clock on the wall will show, in the organisation's zone.
    pub civil: NaiveDateTime,
    /// Which of the two, where the hour exists twice.
    #[serde(default)]
    pub fold: Option<Fold>,
}

/// Narrower times.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Narrow {
    /// The version.
    pub version: u64,
    /// The times; nothing for the usual ones.
    pub margin: Option<Margin>,
}

/// A correction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correct {
    /// The version.
    pub version: u64,
    /// The new content: same channels and languages.
    pub content: Content,
    /// Why.
    pub reason: String,
    /// What was ticked by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked: Option<Checked>,
}

/// A reason, and the version it speaks of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// The version.
    pub version: u64,
    /// Why.
    pub reason: String,
}
