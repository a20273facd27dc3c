-- Who has claimed a door, in the order in which the claims come (merge::ClaimState): what the
-- events of the door say, kept so that a list need not be folded to be shown.
CREATE TABLE claim (
  household INTEGER NOT NULL,
  place     INTEGER NOT NULL,              -- from 0
  change    BLOB NOT NULL,
  canvasser BLOB NOT NULL,
  at        INTEGER NOT NULL,              -- milliseconds
  seq       INTEGER NOT NULL,              -- its place in its cell
  PRIMARY KEY (household, place)
) STRICT, WITHOUT ROWID;
