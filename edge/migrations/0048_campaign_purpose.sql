-- What a campaign is for, by which power, and what it may cost: what an organisation answers for when it is asked.
ALTER TABLE campaign ADD COLUMN goal TEXT NOT NULL DEFAULT '';
ALTER TABLE campaign ADD COLUMN basis TEXT NOT NULL DEFAULT '';
ALTER TABLE campaign ADD COLUMN budget INTEGER;   -- whole euros
