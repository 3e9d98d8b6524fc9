//! Members and invitations.

use domain::{Access, Act, InvitationId, MemberId, Moment, Role};
use serde::{Deserialize, Serialize};

use crate::{Endpoint, Listed, Method::*, Nothing, Who};

/// The members.
pub const MEMBERS: Endpoint<Nothing, Vec<MemberRow>> = Endpoint::new(Get, "/api/members", Who::May(Act::Read));
/// Changes a member's name, role or access. Ends their sessions when the role shrinks.
pub const CHANGE_MEMBER: Endpoint<ChangeMember, MemberRow> =
    Endpoint::new(Put, "/api/members/{member}", Who::May(Act::ManagePeople));
/// Removes a member: their sessions and passkeys end at once; what they did stays.
pub const REMOVE_MEMBER: Endpoint<Nothing, Nothing> =
    Endpoint::new(Delete, "/api/members/{member}", Who::May(Act::ManagePeople));
/// Open invitations.
pub const INVITATIONS: Endpoint<Nothing, Vec<InvitationRow>> =
    Endpoint::new(Get, "/api/invitations", Who::May(Act::ManagePeople));
/// Invites somebody. The link is answered once, to be mailed by us or handed over as a QR.
pub const INVITE: Endpoint<Invite, Invited> = Endpoint::new(Post, "/api/invitations", Who::May(Act::ManagePeople));
/// Takes an invitation back.
pub const UNINVITE: Endpoint<Nothing, Nothing> =
    Endpoint::new(Delete, "/api/invitations/{invitation}", Who::May(Act::ManagePeople));
/// What an invitation says, to whoever holds its token.
pub const OPEN_INVITATION: Endpoint<OpenInvitation, Invitation> =
    Endpoint::new(Post, "/api/invitations/openings", Who::Anybody);

/// All of them.
pub const LISTED: &[Listed] = &[
    MEMBERS.listed(),
    CHANGE_MEMBER.listed(),
    REMOVE_MEMBER.listed(),
    INVITATIONS.listed(),
    INVITE.listed(),
    UNINVITE.listed(),
    OPEN_INVITATION.listed(),
];

/// A member.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MemberRow {
    /// Their identity.
    pub id: MemberId,
    /// The name the organisation knows them by.
    pub name: String,
    /// Where mail goes; only shown to who manages people and to oneself.
    pub email: Option<String>,
    /// As what they act.
    pub role: Role,
    /// Where and when.
    pub access: Access,
    /// Passkeys they have.
    pub passkeys: u32,
    /// When they were last seen.
    pub seen: Option<Moment>,
}

/// A change of a member.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeMember {
    /// The name.
    pub name: String,
    /// The address for mail.
    pub email: Option<String>,
    /// The role.
    pub role: Role,
    /// Where and when.
    pub access: Access,
}

/// An invitation to send.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// The name.
    pub name: String,
    /// The address for mail, if the link is to be mailed.
    pub email: Option<String>,
    /// The role.
    pub role: Role,
    /// Where and when.
    pub access: Access,
}

/// An invitation that was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Invited {
    /// As it stands in the list.
    pub row: InvitationRow,
    /// The link, shown once.
    pub link: String,
    /// Whether it was mailed.
    pub mailed: bool,
}

/// An open invitation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InvitationRow {
    /// Its identity.
    pub id: InvitationId,
    /// For whom.
    pub name: String,
    /// As what.
    pub role: Role,
    /// Until when (7 days).
    pub expires: Moment,
}

/// Opens an invitation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenInvitation {
    /// The token of the link.
    pub token: String,
}

/// What an invitation says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Invitation {
    /// The organisation's name.
    pub organisation: String,
    /// For whom.
    pub name: String,
    /// As what.
    pub role: Role,
}
