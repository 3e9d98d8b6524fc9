-- Versions of an asset (`domain::succession`). All of them are one asset, known by its first version as a cut is by what it was cut
-- from: `made_of` names that one. So who is seen, what they consented to and where it is used are asked of all of them at once.
ALTER TABLE asset ADD COLUMN newest TEXT; -- of a first version: which is shown, if that is another one
ALTER TABLE asset ADD COLUMN version_at INTEGER; -- since when it is a version of what `made_of` names; none of a cut
ALTER TABLE asset ADD COLUMN version_by TEXT; -- who made it one

-- The brand kit: one value an organisation, as the bylaws. Every change stands in the record.
CREATE TABLE brand (
  org TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  kit TEXT NOT NULL,                    -- JSON of domain::brand::Kit
  changed_at INTEGER NOT NULL
) STRICT;

-- Somebody may take a picture into the kit while somebody else deletes it: whoever comes second is refused, as of the crest (0046).
CREATE TRIGGER gone_is_in_no_kit BEFORE INSERT ON brand
  WHEN EXISTS (SELECT 1 FROM json_each(NEW.kit, '$.pieces') j
    CROSS JOIN asset_gone g ON g.org = NEW.org AND g.media = j.value ->> '$.media') BEGIN
  SELECT RAISE(ABORT, 'asset_gone');
END;
CREATE TRIGGER gone_is_in_no_kit_either BEFORE UPDATE OF kit ON brand
  WHEN EXISTS (SELECT 1 FROM json_each(NEW.kit, '$.pieces') j
    CROSS JOIN asset_gone g ON g.org = NEW.org AND g.media = j.value ->> '$.media') BEGIN
  SELECT RAISE(ABORT, 'asset_gone');
END;
