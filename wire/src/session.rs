//! The first request of the desk, signing in and out, one's own devices.

use domain::{Access, MemberId, Moment, Organisation, PasskeyId, RecoveryId, Role, SessionId, zone::Zone};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Endpoint, Listed, Method::*, Nothing, Who};

/// The first request of the desk: one round trip for all it needs to draw its frame.
pub const BOOT: Endpoint<Nothing, Boot> = Endpoint::new(Get, "/api/boot", Who::Anybody);
/// Asks for a passkey challenge to sign in (any discoverable passkey of this host).
pub const SIGN_IN_OPTIONS: Endpoint<Nothing, Challenge> = Endpoint::new(Post, "/api/sign-in/options", Who::Anybody);
/// Signs in; sets the session cookie.
pub const SIGN_IN: Endpoint<Answer, Me> = Endpoint::new(Post, "/api/sign-in", Who::Anybody);
/// Signs out this device.
pub const SIGN_OUT: Endpoint<Nothing, Nothing> = Endpoint::new(Delete, "/api/session", Who::Anybody);
/// Lists one's own passkeys and sessions.
pub const DEVICES: Endpoint<Nothing, Devices> = Endpoint::new(Get, "/api/devices", Who::Member);
/// Ends one of one's own sessions.
pub const END_SESSION: Endpoint<Nothing, Nothing> = Endpoint::new(Delete, "/api/sessions/{session}", Who::Member);
/// Removes one of one's own passkeys (never the last one).
pub const REMOVE_PASSKEY: Endpoint<Nothing, Nothing> = Endpoint::new(Delete, "/api/passkeys/{passkey}", Who::Member);
/// Asks for a challenge to enrol a passkey: with a set-up token, an invitation, an e-mail code, a finished recovery,
/// or, signed in, for a further device.
pub const ENROL_OPTIONS: Endpoint<EnrolBy, Challenge> = Endpoint::new(Post, "/api/enrolments/options", Who::Anybody);
/// Enrols the passkey and signs in.
pub const ENROL: Endpoint<Enrol, Enrolled> = Endpoint::new(Post, "/api/enrolments", Who::Anybody);
/// Replaces one's own recovery codes; the new ones are shown once.
pub const RENEW_CODES: Endpoint<Nothing, RecoveryCodes> = Endpoint::new(Post, "/api/recovery-codes", Who::Member);
/// Asks for a one-time code by mail (10 minutes, single use). Answers the same whether the address is known or not.
pub const MAIL_CODE: Endpoint<MailCode, Nothing> = Endpoint::new(Post, "/api/mail-codes", Who::Anybody);
/// Starts a recovery with a printed code: needs another member's confirmation, or 24 hours with notice to every device.
pub const RECOVER: Endpoint<Recover, Recovering> = Endpoint::new(Post, "/api/recoveries", Who::Anybody);
/// Recoveries that wait for a confirmation.
pub const RECOVERIES: Endpoint<Nothing, Vec<RecoveryRow>> =
    Endpoint::new(Get, "/api/recoveries", Who::May(domain::Act::ManagePeople));
/// Confirms somebody else's recovery.
pub const CONFIRM_RECOVERY: Endpoint<Nothing, Nothing> =
    Endpoint::new(Post, "/api/recoveries/{recovery}/confirmations", Who::May(domain::Act::ManagePeople));
/// Stops a recovery: one's own from a device that still works, or anybody's by who manages people.
pub const STOP_RECOVERY: Endpoint<Nothing, Nothing> = Endpoint::new(Delete, "/api/recoveries/{recovery}", Who::Member);

/// All of them.
pub const LISTED: &[Listed] = &[
    BOOT.listed(),
    SIGN_IN_OPTIONS.listed(),
    SIGN_IN.listed(),
    SIGN_OUT.listed(),
    DEVICES.listed(),
    END_SESSION.listed(),
    REMOVE_PASSKEY.listed(),
    ENROL_OPTIONS.listed(),
    ENROL.listed(),
    RENEW_CODES.listed(),
    MAIL_CODE.listed(),
    RECOVER.listed(),
    RECOVERIES.listed(),
    CONFIRM_RECOVERY.listed(),
    STOP_RECOVERY.listed(),
];

/// What the desk needs before it can draw anything.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Boot {
    /// Whether any organisation exists in this deployment.
    pub set_up: bool,
    /// Whether the demo people may be signed in without a passkey (`rehearsal` and `--demo` only).
    pub demo: bool,
    /// Whether a mail provider (or the local mailbox) is there, so that codes can be sent.
    pub mail: bool,
    /// The engine's clock, so that the desk can show the right "now" whatever the device's clock says.
    pub now: Moment,
    /// The engine's version.
    pub version: String,
    /// Who is signed in, if anybody.
    pub me: Option<Me>,
    /// From when until when their calendar asks for posts at first: a script asks for them in this one's wake, while the
    /// program is on its way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub week: Option<(Moment, Moment)>,
}

/// Who is signed in, and where.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Me {
    /// The member.
    pub member: MemberId,
    /// The name the organisation knows them by.
    pub name: String,
    /// As what they act.
    pub role: Role,
    /// Where and when.
    pub access: Access,
    /// This session, to mark it in the list of devices.
    pub session: SessionId,
    /// The organisation.
    pub organisation: Organisation,
    /// Its zone as data: five years back, ten ahead.
    pub zone: Zone,
    /// The last sign of life of the clock that publishes.
    pub heartbeat: Option<Moment>,
    /// How many posts and emergencies wait for this member's word.
    pub waiting: u32,
    /// Whether more posts wait than were counted.
    #[serde(default)]
    pub waiting_more: bool,
    /// How many publications need a person.
    pub troubled: u32,
    /// How many notices are unread (as far as a bell counts).
    pub unread: u32,
}

/// A passkey challenge: the id under which the engine remembers it, and the options for the browser, in the JSON form
/// of WebAuthn Level 3 (`PublicKeyCredential.parse…OptionsFromJSON`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Challenge {
    /// Under which the engine remembers it (5 minutes, single use).
    pub challenge: String,
    /// `publicKey` options.
    pub options: Value,
}

/// The browser's answer to a challenge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The challenge's id.
    pub challenge: String,
    /// The credential, in its JSON form.
    pub credential: Value,
}

/// On what ground a passkey is enrolled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by", deny_unknown_fields)]
pub enum EnrolBy {
    /// First visit with the set-up link.
    SetUp {
        /// The token of the link.
        token: String,
        /// The organisation and its first administrator.
        founding: Box<crate::organisations::Founding>,
    },
    /// An invitation.
    Invitation {
        /// The token of the link or QR.
        token: String,
    },
    /// A code sent by mail.
    MailCode {
        /// The address it was sent to.
        email: String,
        /// The code.
        code: String,
    },
    /// A recovery that was confirmed or has waited its hours.
    Recovery {
        /// The recovery.
        recovery: RecoveryId,
        /// The secret given when it started.
        token: String,
    },
    /// Signed in already: a further device.
    Session {},
}

/// The browser's answer to an enrolment's challenge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrol {
    /// The challenge's id: the engine remembers the ground with it.
    pub challenge: String,
    /// The new credential, in its JSON form.
    pub credential: Value,
    /// What the member calls the device.
    pub label: String,
}

/// A passkey was enrolled and the device is signed in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Enrolled {
    /// Who is signed in now.
    pub me: Me,
    /// Printed codes, shown once, when the member had none.
    pub codes: Option<RecoveryCodes>,
}

/// Codes to print and keep.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecoveryCodes {
    /// Ten codes, each usable once.
    pub codes: Vec<String>,
}

/// One's own keys and sessions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Devices {
    /// The passkeys.
    pub passkeys: Vec<PasskeyRow>,
    /// The sessions.
    pub sessions: Vec<SessionRow>,
    /// Recovery codes left.
    pub codes_left: u32,
    /// A recovery that runs in one's own name.
    pub recovery: Option<RecoveryRow>,
}

/// A passkey.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PasskeyRow {
    /// Its identity.
    pub id: PasskeyId,
    /// What the member calls it.
    pub label: String,
    /// How it was enrolled.
    pub how: EnrolledHow,
    /// When.
    pub at: Moment,
    /// Last use.
    pub used: Option<Moment>,
}

/// How a passkey was enrolled; kept for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EnrolledHow {
    /// With the set-up link.
    SetUp,
    /// With an invitation.
    Invitation,
    /// With a code by mail.
    MailCode,
    /// After a recovery.
    Recovery,
    /// From a device that was signed in.
    Session,
}

/// A session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SessionRow {
    /// Its identity.
    pub id: SessionId,
    /// When it began.
    pub began: Moment,
    /// When it was last used.
    pub seen: Moment,
    /// The browser and system, shortened.
    pub device: String,
}

/// Asks for a code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailCode {
    /// The address.
    pub email: String,
}

/// Starts a recovery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recover {
    /// A printed code.
    pub code: String,
}

/// A recovery runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recovering {
    /// Its identity.
    pub recovery: RecoveryId,
    /// The secret that finishes it, kept by this device.
    pub token: String,
    /// When it may be finished without a confirmation.
    pub ready_at: Moment,
}

/// A recovery, for those who may confirm it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecoveryRow {
    /// Its identity.
    pub id: RecoveryId,
    /// Who wants access back.
    pub member: MemberId,
    /// Their name.
    pub name: String,
    /// Since when.
    pub asked: Moment,
    /// When it may be finished without a confirmation.
    pub ready_at: Moment,
    /// Whether it was confirmed.
    pub confirmed: bool,
}
