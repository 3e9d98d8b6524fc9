-- What readers can see of earlier versions, as a network said it once a correction was out: a list in JSON, beside the attempt that
-- made it. Nothing where it was not asked, or could not be.
ALTER TABLE attempt ADD COLUMN history TEXT;
