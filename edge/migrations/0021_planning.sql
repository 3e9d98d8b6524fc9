-- A post is planned before it is agreed: the hour that somebody wishes, or the one that it lost, and narrower times to be
-- agreed to. While it is wished the hour stands in slot_at too, so that the calendar finds it as it finds the others.
ALTER TABLE post ADD COLUMN plan TEXT;     -- JSON of domain::Plan
ALTER TABLE post ADD COLUMN margin TEXT;   -- JSON of domain::round::Margin
CREATE INDEX post_unplaced ON post(org, changed_at) WHERE slot_at IS NULL AND stage IN ('draft', 'in_review', 'approved');
