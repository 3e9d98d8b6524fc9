-- Signed decisions: the organisation's key, which signs the enrolment of its members' passkeys and is published in its
-- register. The private half is sealed as the vault seals.
CREATE TABLE organisation_key (
  org TEXT PRIMARY KEY,
  public TEXT NOT NULL, -- JWK
  sealed TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
