-- The views of the calendar that a person keeps under a name: theirs alone, gone with their access.
CREATE TABLE saved_view (
  org TEXT NOT NULL REFERENCES organisation(id),
  member TEXT NOT NULL REFERENCES member(id),
  version INTEGER NOT NULL,
  views TEXT NOT NULL,                  -- JSON array of domain::views::SavedView
  PRIMARY KEY (org, member)
) STRICT;
