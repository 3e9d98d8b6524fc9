//! Everything the rules may say no with: one enum, each with its numbers, each with a sentence in the locale files.
//! Separate so that the desk can explain a refusal before asking, and the engine can refuse with the same words.

use serde::{Deserialize, Serialize};

use crate::{Act, MediaId, Millis, Moment, Network, captions, document, video::Flaw, webpage};

/// Why something may not be done. `words::refusal` has the sentence and the next step for each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "refusal")]
pub enum Refusal {
    // --- who ---
    /// Nobody is signed in, or the session ended.
    SignedOut,
    /// The role does not include this.
    NotAllowed {
        /// What was asked.
        act: Act,
    },
    /// The contract of an agency has not begun or is over, or the channel is not one of its.
    OutOfReach,
    /// There is no such thing (or it is another organisation's, which is the same).
    NotFound,
    /// The request did not come from this site, or is not JSON.
    ForeignRequest,
    /// Too many tries; again after this moment.
    TooMany {
        /// When it may be tried again.
        until: Moment,
    },

    // --- what came in ---
    /// A field is too large.
    TooLarge {
        /// The field.
        field: String,
        /// The most that is taken.
        limit: u64,
        /// What came.
        length: u64,
    },
    /// A field is not of its form. For JSON as a whole, the field is `body`.
    Malformed {
        /// The field.
        field: String,
    },
    /// Something stands twice.
    Doubled {
        /// The field.
        field: String,
    },
    /// The link is not a plain web address (http or https, no credentials).
    BadLink,
    /// An event ends before it starts.
    EventBackwards,
    /// The bytes are not a JPEG, PNG or WebP picture, or are broken.
    NotAPicture,
    /// The picture declares more pixels than are taken.
    TooManyPixels {
        /// The most that is taken.
        limit: u64,
        /// What the header says.
        pixels: u64,
    },
    /// The video is not taken.
    BadVideo {
        /// Why.
        flaw: Flaw,
    },
    /// The video is larger than any network takes.
    VideoTooLarge {
        /// The most bytes.
        limit: u64,
        /// What it has.
        bytes: u64,
    },
    /// The document is not taken.
    BadDocument {
        /// Why.
        flaw: document::Flaw,
    },
    /// The document is larger than any is taken.
    DocumentTooLarge {
        /// The most bytes.
        limit: u64,
        /// What it has.
        bytes: u64,
    },
    /// The file of captions is not taken.
    BadCaptions {
        /// Why, and in which line.
        fault: captions::Fault,
    },
    /// The organisation's store of videos, of captions or of documents has no room for it.
    StoreFull {
        /// The most bytes of all of them.
        limit: u64,
        /// What is kept.
        kept: u64,
    },
    /// An address that was given may not be called (literal, inner, without HTTPS, with credentials).
    ForbiddenAddress,
    /// Nothing could be read of a page that a post was to begin with.
    BadPage {
        /// Why.
        flaw: webpage::Flaw,
    },

    // --- the post ---
    /// Somebody changed it meanwhile.
    Stale {
        /// The version that is stored now.
        current: u64,
    },
    /// Nothing can be submitted or placed without text and a channel.
    Empty,
    /// A finding blocks it; the findings come with the refusal.
    Blocked,
    /// The post is not at a stage where this can be done.
    WrongStage,
    /// It needs an approval that it does not have.
    NotApproved,
    /// What was approved is not what is here now.
    ApprovalVoid,
    /// The author never approves their own post.
    OwnPost,
    /// This person decided already in this round.
    AlreadyDecided,
    /// The decision was taken on another version of the content.
    OtherContent,
    /// A return must say what is to be changed; a waiver, a pause or a takedown must say why.
    ReasonWanted,
    /// This finding cannot be waived: the network would refuse it.
    NotWaivable,

    /// The campaign, pillar or audience is archived: nothing more is put into it.
    Archived,

    // --- the checklist ---
    /// Required items of the checklist are open.
    Unticked {
        /// What they say.
        items: Vec<String>,
    },
    /// What was ticked is another version of the checklist.
    OtherChecklist {
        /// The version that holds now.
        version: u32,
    },

    // --- agreeing ---
    /// The step is not the one that is open: it was settled, or is not reached yet.
    StepClosed,
    /// The step is open, but this person has no seat in it, or all the seats they could take are taken.
    NotYourTurn,
    /// This person decided already in this round: by themselves, for another, or through their substitute.
    TwoHats,
    /// There is no substitution in force that covers this.
    NoDelegation,
    /// The organisation keeps writing, agreeing and publishing apart, and this person did another of them.
    DutiesApart,
    /// The slot is outside the times that were approved.
    OutsideEnvelope,
    /// On that day not everything is said, and this is moved to it by itself: whoever means it places it by hand.
    DayHeld,
    /// The circuit leaves nobody to agree; its flaws come with the refusal.
    FlawedCircuit,
    /// A second person has to agree before it goes out.
    SecondPersonWanted,
    /// The organisation has no protocol for emergencies.
    NoProtocol,
    /// Nobody could follow the protocol for emergencies; what is missing is said where it is drawn.
    FlawedProtocol,
    /// Somebody has a substitute for part of that time already.
    DelegationOverlaps {
        /// The substitution's own reference.
        reference: String,
    },
    /// A substitution cannot begin before it is decreed.
    DelegationInThePast,
    /// A term ends before it begins.
    TermBackwards,
    /// Nobody is their own substitute.
    OwnSubstitute,
    /// The decision must be signed with a passkey.
    SignatureWanted,
    /// It cannot be confirmed with a code: there is no mail, no mailbox, or the organisation wants a passkey.
    CodeForbidden,
    /// The code is not the one that was sent.
    WrongCode {
        /// How often it may still be tried.
        left: u32,
    },
    /// The signed time is too far from the engine's.
    ClockOff {
        /// How far (positive: the device is ahead).
        by: Millis,
    },
    /// Only whoever wrote it may change it.
    NotYours,
    /// Somebody changed the comment meanwhile.
    CommentElsewhere,
    /// The task is not at a state from which this can be done.
    TaskElsewhere,
    /// The task is somebody else's, and somebody else asked for it.
    TaskOfAnother,

    // --- when ---
    /// The slot is in the past.
    InThePast,
    /// The slot is further away than can be promised (two years).
    TooFar,
    /// The civil time does not exist: clocks go forward over it.
    InAGap {
        /// The last minute before the gap, as an instant.
        before: Moment,
        /// The first minute after the gap, as an instant.
        after: Moment,
    },
    /// The civil time exists twice: clocks go back over it, and nobody said which is meant.
    InAFold {
        /// The first of the two.
        first: Moment,
        /// The second of the two.
        second: Moment,
    },
    /// The zone is not one that is known.
    UnknownZone,

    // --- going out ---
    /// Everything is paused.
    Paused,
    /// The publication is not at a state where this can be done.
    WrongState,
    /// The channel cannot send now.
    ChannelUnfit,
    /// This person cannot answer for that account: their role or their contract does not include it.
    NoCustodian,
    /// Somebody changed meanwhile who answers for it.
    CustodyElsewhere,
    /// The network cannot do this (edit, delete).
    NotThere,
    /// The link that was given back is not one of that network.
    ForeignLink,
    /// What somebody put out by hand was of a kit from before a correction.
    OtherKit,
    /// A correction of a thread that is out keeps its number of parts.
    OtherParts,
    /// A correction keeps who may reply.
    OtherReplies,
    /// A correction keeps the poll: where it can be edited at all, that would wipe the votes.
    OtherPoll,
    /// A correction keeps the first comment.
    OtherComment,
    /// Links are marked to the organisation's own websites alone, and these are others now.
    OtherSites,

    // --- the library ---
    /// Under fourteen, parents or guardians consent.
    GuardianWanted,
    /// A consent is asked for again after ten years.
    LongConsent,
    /// Who keeps the consents says that nobody is seen any more in what was said to show people, or that a licence ends later; and
    /// nobody unsays it where a consent stands.
    ConsentsGuarded,
    /// What something names is not deleted.
    AssetInUse {
        /// What the posts and open tasks that name it are called, at most five.
        names: Vec<String>,
        /// Whether there are more.
        more: bool,
    },
    /// The organisation's crest is not deleted.
    AssetIsCrest,
    /// What the brand kit has is not deleted.
    AssetInKit,
    /// There is a newer version of it already.
    AssetReplaced {
        /// Which one is shown.
        by: MediaId,
    },
    /// It belongs to another asset: it was cut from that one, is a version of it, or has versions of its own.
    AssetElsewhere,
    /// Pictures have versions; a video stands for none, and none for a video.
    OtherKind,

    // --- the brand kit ---
    /// It is not a colour of the form `#1a2b3c`.
    BadColour,
    /// What stays free of a frame leaves nothing between opposite sides.
    FrameWithoutRoom,

    // --- people ---
    /// The link or code was used, has expired, or never was.
    SpentLink,
    /// The passkey was not accepted.
    BadPasskey,
    /// The last administrator cannot go.
    LastAdministrator,
    /// The last passkey cannot be removed: its holder could not come back.
    LastPasskey,
    /// An own recovery cannot be confirmed by oneself.
    OwnRecovery,
    /// The recovery must wait for a confirmation or for its hours to pass.
    TooEarly {
        /// When it may be finished without a confirmation.
        at: Moment,
    },
    /// Everything is set up already.
    SetUpAlready,

    // --- a copy of the whole ---
    /// A copy is brought into an organisation in which there is nothing yet.
    NotEmpty,
    /// A copy is being brought in: until all of it is there, or it is given up, everything stays paused.
    Arriving,
    /// The deployment has this already, in another organisation.
    HereAlready,
    /// Rows of a table have not come.
    CopyIncomplete {
        /// The table.
        table: String,
    },

    // --- telling ---
    /// What is urgent is told outside the desk too; the rest as well, unless the organisation allows silence.
    CannotSilence,

    // --- the world ---
    /// The server that was named is not one of this network.
    OtherServer {
        /// The network.
        network: Network,
    },
    /// Somebody signed in with another account than the one that was named.
    OtherAccount,
    /// A name was said to be an account's, and the account's own document does not bear it.
    NameUnconfirmed,
    /// Another server than the one that somebody was sent to says that it sends them back.
    OtherIssuer,
    /// The server is of the network, and lets nobody in by signing in there.
    NoSignIn,
    /// The access does not reach far enough: what Pregón does there (publishing, correcting, taking down) is not allowed
    /// to it.
    LacksRights {
        /// The network.
        network: Network,
    },
    /// The network gave fewer permissions than are needed.
    MissingPermissions,
    /// The access opens no page on which one may publish.
    NoPages,
    /// None of the pages that were given has a professional account of Instagram that may be published on.
    NoAccounts,
    /// The website answers, but does not give back what it was given to prove itself with.
    NoChallenge,
    /// The website also takes what is signed with another secret.
    TakesAnything,
    /// The network (or the address) did not answer as it should.
    NetworkSays {
        /// What it said, at most 300 characters, in its own words.
        message: String,
    },
    // --- prepared texts ---
    /// A text names a blank that is not declared, or something was filled into one that is not there.
    UnknownBlank {
        /// Its name.
        blank: String,
    },
    /// A blank is declared that no text has.
    UnusedBlank {
        /// Its name.
        blank: String,
    },
    /// A blank must be filled in and is not.
    BlankWanted {
        /// Its name.
        blank: String,
    },
    /// What was filled in is not what the blank takes.
    BadBlank {
        /// Its name.
        blank: String,
    },
    /// A template's day has not come, or is over.
    Expired,
    /// Nobody agrees to a text that they had a hand in.
    OwnText,
    /// Part of the engine cannot be reached for a moment (the database, the bucket, the queue).
    Unavailable,
}
