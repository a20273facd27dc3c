-- list-<id>.db: one walk list, a mirror of what the campaign knows. Row numbers (num) stand for
-- 16-byte ids inside this file; change ids are 28 bytes (device, incarnation, number).

CREATE TABLE about (
  one           INTEGER PRIMARY KEY CHECK (one = 1),
  campaign      BLOB NOT NULL,
  list          BLOB NOT NULL,
  number        INTEGER NOT NULL,
  epoch         INTEGER NOT NULL,
  name          TEXT NOT NULL,
  share_key     BLOB,                      -- shared by all holders of this list and epoch
  complete      INTEGER NOT NULL,          -- a first snapshot has been applied
  has_remains   INTEGER NOT NULL,          -- earlier copies of what was erased may be left
  audited       INTEGER NOT NULL           -- doors up to this num were looked through last
) STRICT;

CREATE TABLE cell (
  cell   INTEGER PRIMARY KEY,
  cursor INTEGER NOT NULL                  -- every visible event up to here is applied
) STRICT;

CREATE TABLE source (
  num    INTEGER PRIMARY KEY,
  name   TEXT NOT NULL UNIQUE,
  device BLOB NOT NULL UNIQUE,
  files  INTEGER NOT NULL                  -- accepted so far
) STRICT;

CREATE TABLE household (
  num          INTEGER PRIMARY KEY,
  id           BLOB NOT NULL UNIQUE,
  key          TEXT NOT NULL,              -- the source's own; empty in a list from a server
  address_key  TEXT NOT NULL,              -- spellings of one address share it; empty likewise
  cell         INTEGER NOT NULL,
  ordinal      INTEGER NOT NULL,
  building     BLOB NOT NULL,
  house_number TEXT NOT NULL,
  street       TEXT NOT NULL,
  unit         TEXT NOT NULL,
  town         TEXT NOT NULL,
  zip          TEXT NOT NULL,
  lat          INTEGER NOT NULL,           -- 1e-7 degree
  lon          INTEGER NOT NULL,
  unit_count   INTEGER NOT NULL,
  control      INTEGER NOT NULL,
  source       INTEGER NOT NULL,           -- the file that brought the row: source and its number
  file         INTEGER NOT NULL,
  stop         INTEGER NOT NULL,           -- place of its stop in the walking order
  place        INTEGER NOT NULL,           -- place within the stop
  mask         INTEGER NOT NULL,           -- purposes it may be seen for
  people       INTEGER NOT NULL,           -- people who may be walked to
  result       INTEGER NOT NULL,           -- number of the result that counts, 0 for none
  knocks       INTEGER NOT NULL,
  done         INTEGER NOT NULL,
  contacted    INTEGER NOT NULL,
  last_at      INTEGER,                    -- seconds
  digest       BLOB NOT NULL,
  UNIQUE (cell, ordinal)
) STRICT;
CREATE INDEX household_order ON household (stop, place);
CREATE INDEX household_key ON household (key) WHERE key <> '';
CREATE INDEX household_address ON household (address_key) WHERE address_key <> '';

-- People whom files know; people met at a door are events. Phone and e-mail stay as the first
-- file gave them: later ones, and what canvassers say of them, are events. All other columns
-- show the value that stands.
CREATE TABLE person (
  num         INTEGER PRIMARY KEY,
  id          BLOB NOT NULL,
  household   INTEGER NOT NULL REFERENCES household (num),
  key         TEXT NOT NULL,               -- the source's own; empty in a list from a server
  member      INTEGER NOT NULL,            -- number within the household, from 1
  given_name  TEXT NOT NULL,
  family_name TEXT NOT NULL,
  birth_year  INTEGER NOT NULL,
  party       TEXT NOT NULL,
  phone       TEXT NOT NULL,
  email       TEXT NOT NULL,
  language    TEXT NOT NULL,
  standing    INTEGER NOT NULL,            -- bits: see walklist::Standing
  source      INTEGER NOT NULL,
  file        INTEGER NOT NULL,
  UNIQUE (household, member)
) STRICT;
-- Someone who moved has a row at either door.
CREATE UNIQUE INDEX person_id ON person (id, household);

CREATE TABLE event (
  cell      INTEGER NOT NULL,
  seq       INTEGER NOT NULL,
  household INTEGER NOT NULL,              -- 0 when it speaks of a door that is not known here
  canvasser BLOB NOT NULL,
  effective INTEGER NOT NULL,              -- milliseconds
  marks     INTEGER NOT NULL,
  author    BLOB NOT NULL,                 -- device of the change
  number    INTEGER NOT NULL,              -- its number
  change    BLOB NOT NULL,
  PRIMARY KEY (cell, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_household ON event (household);

CREATE TABLE conflict (
  id        BLOB PRIMARY KEY,
  household INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE script (
  hash   BLOB PRIMARY KEY,
  number INTEGER NOT NULL UNIQUE,          -- the greatest is the one in use
  json   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE canvasser (
  id   BLOB PRIMARY KEY,
  name TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Parts of an answer of the server, kept until the answer is complete.
CREATE TABLE staged (
  num    INTEGER PRIMARY KEY,
  kind   INTEGER NOT NULL,
  rows   INTEGER NOT NULL,                 -- how many rows the body holds
  cell   INTEGER NOT NULL,                 -- of a page of events
  upto   INTEGER NOT NULL,
  body   BLOB NOT NULL
) STRICT;
