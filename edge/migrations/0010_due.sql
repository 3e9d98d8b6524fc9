-- SQLite uses a partial index for `state = 'waiting'` only where its condition is written as an OR that has this very
-- term: with IN the tick, the sweep and the health of the engine read the whole archive.
DROP INDEX act_due;
DROP INDEX act_lease;
CREATE INDEX act_due ON act(state, due_at) WHERE state = 'waiting' OR state = 'unknown';
CREATE INDEX act_lease ON act(state, lease_at) WHERE state = 'claimed' OR state = 'sending';
