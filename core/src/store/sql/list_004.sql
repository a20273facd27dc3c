-- Windows in which somebody is to come back to a door and nobody has (merge::FollowUpState): what
-- the events of the door say, kept so that a list need not be folded to be shown.
CREATE TABLE follow_up (
  household INTEGER NOT NULL,
  place     INTEGER NOT NULL,              -- from 0
  change    BLOB NOT NULL,
  canvasser BLOB NOT NULL,
  at        INTEGER NOT NULL,              -- milliseconds
  person    BLOB,                          -- whom to ask for
  start     INTEGER NOT NULL,              -- minutes after 1970
  length    INTEGER NOT NULL,              -- minutes
  utc_ahead INTEGER NOT NULL,              -- minutes
  PRIMARY KEY (household, place)
) STRICT, WITHOUT ROWID;
