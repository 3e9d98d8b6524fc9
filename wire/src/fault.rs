//! The one error body. Whatever goes wrong, the desk gets a refusal it has a sentence for, and the findings if any.

use domain::{Refusal, policy::Finding};
use serde::{Deserialize, Serialize};

/// What every answer that is not a success carries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Why not.
    #[serde(flatten)]
    pub refusal: Refusal,
    /// What was found in the content, when that is why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, findings: Vec::new() }
    }
}

impl Fault {
    /// The HTTP status that goes with a refusal.
    pub const fn status(&self) -> u16 {
        use Refusal::*;
        match &self.refusal {
            SignedOut => 401,
            NotAllowed { .. }
            | OutOfReach
            | ForeignRequest
            | OwnPost
            | OwnRecovery
            | NotYourTurn
            | NoDelegation
            | DutiesApart
            | NotYours
            | TaskOfAnother
            | CodeForbidden
            | OwnText
            | ConsentsGuarded => 403,
            NotFound => 404,
            Stale { .. }
            | WrongStage
            | WrongState
            | AlreadyDecided
            | TwoHats
            | StepClosed
            | SecondPersonWanted
            | NoProtocol
            | DelegationOverlaps { .. }
            | TaskElsewhere
            | CustodyElsewhere
            | Archived
            | CommentElsewhere
            | OtherContent
            | OtherChecklist { .. }
            | SetUpAlready
            | NotEmpty
            | Arriving
            | HereAlready
            | CopyIncomplete { .. }
            | ApprovalVoid
            | OtherKit
            | NotApproved
            | Paused
            | Expired
            | AssetInUse { .. }
            | AssetIsCrest
            | AssetInKit
            | AssetReplaced { .. }
            | AssetElsewhere
            | LastAdministrator
            | LastPasskey
            | TooEarly { .. } => 409,
            SpentLink => 410,
            TooLarge { .. }
            | TooManyPixels { .. }
            | VideoTooLarge { .. }
            | DocumentTooLarge { .. }
            | StoreFull { .. } => 413,
            TooMany { .. } => 429,
            NetworkSays { .. } => 502,
            Unavailable => 503,
            Malformed { .. }
            | Doubled { .. }
            | BadLink
            | BadColour
            | FrameWithoutRoom
            | OtherKind
            | EventBackwards
            | NotAPicture
            | BadVideo { .. }
            | BadDocument { .. }
            | BadCaptions { .. }
            | ForbiddenAddress
            | BadPage { .. }
            | Empty
            | Blocked
            | ReasonWanted
            | NotWaivable
            | Unticked { .. }
            | OutsideEnvelope
            | DayHeld
            | FlawedCircuit
            | FlawedProtocol
            | DelegationInThePast
            | TermBackwards
            | GuardianWanted
            | LongConsent
            | OwnSubstitute
            | ClockOff { .. }
            | SignatureWanted
            | InThePast
            | TooFar
            | InAGap { .. }
            | InAFold { .. }
            | UnknownZone
            | ChannelUnfit
            | NoCustodian
            | NotThere
            | CannotSilence
            | ForeignLink
            | OtherParts
            | OtherReplies
            | OtherPoll
            | OtherComment
            | OtherSites
            | OtherServer { .. }
            | OtherAccount
            | NameUnconfirmed
            | OtherIssuer
            | NoSignIn
            | LacksRights { .. }
            | MissingPermissions
            | NoPages
            | NoAccounts
            | NoChallenge
            | TakesAnything
            | WrongCode { .. }
            | UnknownBlank { .. }
            | UnusedBlank { .. }
            | BlankWanted { .. }
            | BadBlank { .. }
            | BadPasskey => 422,
        }
    }
}
