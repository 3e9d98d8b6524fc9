-- A person's retry starts the count of tries anew; the numbers of the attempts go on.
ALTER TABLE act ADD COLUMN tried_before INTEGER NOT NULL DEFAULT 0;
