-- The key with which the organisation says at Bluesky servers that it is us who ask for an access (private_key_jwt, RFC 7523);
-- the private half is sealed as the vault seals.
CREATE TABLE client_key (
  org TEXT PRIMARY KEY REFERENCES organisation(id),
  public TEXT NOT NULL,                 -- JWK
  sealed TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX client_key_by_key ON client_key(json_extract(sealed, '$.key_id'));
