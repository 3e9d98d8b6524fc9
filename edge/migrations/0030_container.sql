-- What a network that fetches pictures itself was given to prepare: its own identities of it, kept with the act, so that
-- whoever goes on later publishes that one and makes no second.
ALTER TABLE act ADD COLUMN container TEXT;
