-- The ledger in the open: what an attempt sent, what came back, and what that means.
ALTER TABLE act ADD COLUMN rendition_hash TEXT;  -- SHA-256 of the rendition's canonical JSON; NULL before this
ALTER TABLE attempt ADD COLUMN sent TEXT;        -- the act's at the point of no return
ALTER TABLE attempt ADD COLUMN code TEXT;        -- the network's own code, where it has any
ALTER TABLE attempt ADD COLUMN meaning TEXT;     -- name of domain::errors::Class
ALTER TABLE attempt ADD COLUMN answer TEXT;      -- the answer as domain::errors::kept leaves it: at most 2 KB, no secrets

-- Whoever renews an access holds it so long; NULL or past: nobody does.
ALTER TABLE secret ADD COLUMN renewing_until INTEGER;

-- The ids of the vault's keys as they were when everything had last been sealed under the first of them: JSON array.
ALTER TABLE heartbeat ADD COLUMN keys TEXT;
ALTER TABLE heartbeat ADD COLUMN keys_at INTEGER;

-- What is sealed under an old key is found by it, and not by reading everything.
CREATE INDEX secret_by_key ON secret(key_id);
CREATE INDEX oauth_flow_by_key ON oauth_flow(key_id);
CREATE INDEX organisation_key_by_key ON organisation_key(json_extract(sealed, '$.key_id'));
CREATE INDEX push_key_by_key ON push_key(json_extract(sealed, '$.key_id'));
