-- When a network is asked next whether it still lets us in (`domain::watch`); NULL where there is nobody to ask.
ALTER TABLE channel ADD COLUMN watch_at INTEGER;
UPDATE channel SET watch_at = 0
  WHERE assisted = 0 AND health <> 'disconnected' AND network NOT IN ('noticeboard', 'whatsapp', 'other');
CREATE INDEX channel_watch ON channel(watch_at) WHERE watch_at IS NOT NULL;

-- What is placed on a channel, for what will not go out when its access ends.
CREATE INDEX act_waiting ON act(channel, due_at) WHERE state = 'waiting';

-- The last failures of an organisation, without reading all that went well.
CREATE INDEX attempt_failed ON attempt(org, started_at)
  WHERE outcome IN ('not_sent', 'throttled', 'unauthorised', 'refused', 'no_answer');
