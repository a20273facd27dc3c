-- The embedded database of the reference backend. Every key begins with the campaign; numbers
-- are given from rows that are locked by the writing transaction, never from sequences.

CREATE TABLE operator (
  token_hash BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE campaign (
  campaign    BLOB PRIMARY KEY,
  name        TEXT NOT NULL,
  next_change INTEGER NOT NULL,             -- number of the organiser's next change
  next_list   INTEGER NOT NULL,
  next_turf   INTEGER NOT NULL,
  -- Seeds of the campaign's own keys: what it signs with, what opens work sealed to it, and
  -- what the share keys of its lists are derived from.
  signing_seed BLOB NOT NULL,
  sealing_seed BLOB NOT NULL,
  share_seed   BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE source (
  campaign BLOB NOT NULL,
  number   INTEGER NOT NULL,
  name     TEXT NOT NULL,
  device   BLOB NOT NULL,
  files    INTEGER NOT NULL,                -- accepted so far
  PRIMARY KEY (campaign, number),
  UNIQUE (campaign, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE cell (
  campaign BLOB NOT NULL,
  cell     INTEGER NOT NULL,
  head     INTEGER NOT NULL,                -- the last number given in this cell's sequence
  doors    INTEGER NOT NULL,                -- ordinals given; members only grow
  PRIMARY KEY (campaign, cell)
) STRICT, WITHOUT ROWID;

CREATE TABLE household (
  campaign     BLOB NOT NULL,
  id           BLOB NOT NULL,
  key          TEXT NOT NULL,
  cell         INTEGER NOT NULL,
  ordinal      INTEGER NOT NULL,
  building     BLOB NOT NULL,
  house_number TEXT NOT NULL,
  street       TEXT NOT NULL,
  unit         TEXT NOT NULL,
  town         TEXT NOT NULL,
  zip          TEXT NOT NULL,
  lat          INTEGER NOT NULL,            -- 1e-7 degree
  lon          INTEGER NOT NULL,
  unit_count   INTEGER NOT NULL,
  control      INTEGER NOT NULL,
  source       INTEGER NOT NULL,
  file         INTEGER NOT NULL,
  address_key  TEXT NOT NULL,               -- spellings of one address share it: as files say
  shown_key    TEXT NOT NULL,               -- the same, of the address that stands
  mask         INTEGER NOT NULL,            -- purposes it may be seen for
  people       INTEGER NOT NULL,
  result       INTEGER NOT NULL,
  knocks       INTEGER NOT NULL,
  done         INTEGER NOT NULL,
  contacted    INTEGER NOT NULL,
  last_at      INTEGER,
  digest       BLOB NOT NULL,
  PRIMARY KEY (campaign, id),
  UNIQUE (campaign, cell, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX household_address ON household (campaign, address_key);
CREATE INDEX household_shown ON household (campaign, shown_key);
CREATE INDEX household_key ON household (campaign, key);

CREATE TABLE person (
  campaign    BLOB NOT NULL,
  id          BLOB NOT NULL,
  household   BLOB NOT NULL,
  key         TEXT NOT NULL,
  member      INTEGER NOT NULL,             -- number within the household, from 1
  given_name  TEXT NOT NULL,
  family_name TEXT NOT NULL,
  birth_year  INTEGER NOT NULL,
  party       TEXT NOT NULL,
  phone       TEXT NOT NULL,
  email       TEXT NOT NULL,
  language    TEXT NOT NULL,
  standing    INTEGER NOT NULL,             -- bits: see walklist::Standing
  source      INTEGER NOT NULL,
  file        INTEGER NOT NULL,
  PRIMARY KEY (campaign, household, id),
  UNIQUE (campaign, household, member)
) STRICT, WITHOUT ROWID;
-- Someone who moved has a row at either door.
CREATE INDEX person_id ON person (campaign, id);

CREATE TABLE event (
  campaign    BLOB NOT NULL,
  cell        INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  household   BLOB NOT NULL,
  canvasser   BLOB NOT NULL,
  effective   INTEGER NOT NULL,             -- milliseconds
  received    INTEGER NOT NULL,
  marks       INTEGER NOT NULL,
  device      BLOB NOT NULL,
  incarnation INTEGER NOT NULL,
  number      INTEGER NOT NULL,
  change      BLOB NOT NULL,
  urgent      INTEGER NOT NULL,             -- whom not to contact: phones learn of it first
  PRIMARY KEY (campaign, cell, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_urgent ON event (campaign, cell, seq) WHERE urgent;
-- A file is one author and one change, written to each household it alters.
CREATE UNIQUE INDEX event_once ON event (campaign, household, device, incarnation, number);

CREATE TABLE conflict (
  campaign  BLOB NOT NULL,
  id        BLOB NOT NULL,
  household BLOB NOT NULL,
  opened    INTEGER NOT NULL,               -- milliseconds
  closed    INTEGER,
  PRIMARY KEY (campaign, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX conflict_household ON conflict (campaign, household);

-- Households where something was proposed to be put right, and nobody has decided.
CREATE TABLE proposal (
  campaign  BLOB NOT NULL,
  household BLOB NOT NULL,
  PRIMARY KEY (campaign, household)
) STRICT, WITHOUT ROWID;

-- Households where people did something side by side that someone may want to look at.
CREATE TABLE soft_conflict (
  campaign  BLOB NOT NULL,
  household BLOB NOT NULL,
  PRIMARY KEY (campaign, household)
) STRICT, WITHOUT ROWID;

CREATE TABLE script (
  campaign BLOB NOT NULL,
  number   INTEGER NOT NULL,
  hash     BLOB NOT NULL,
  json     TEXT NOT NULL,
  PRIMARY KEY (campaign, number),
  UNIQUE (campaign, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE turf (
  campaign BLOB NOT NULL,
  number   INTEGER NOT NULL,
  id       BLOB NOT NULL,
  name     TEXT NOT NULL,
  outline  TEXT NOT NULL,                   -- rings of [lat, lon] as JSON
  PRIMARY KEY (campaign, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE turf_member (
  campaign  BLOB NOT NULL,
  turf      INTEGER NOT NULL,
  household BLOB NOT NULL,
  PRIMARY KEY (campaign, turf, household)
) STRICT, WITHOUT ROWID;

CREATE TABLE list (
  campaign      BLOB NOT NULL,
  number        INTEGER NOT NULL,
  id            BLOB NOT NULL,
  epoch         INTEGER NOT NULL,
  name          TEXT NOT NULL,
  turf          INTEGER NOT NULL,
  with_contacts INTEGER NOT NULL,           -- phone numbers and addresses go with it
  length_m      REAL NOT NULL,
  withdrawn     INTEGER NOT NULL,           -- when, in milliseconds; 0 while it is not
  PRIMARY KEY (campaign, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE list_member (
  campaign  BLOB NOT NULL,
  list      INTEGER NOT NULL,
  household BLOB NOT NULL,
  cell      INTEGER NOT NULL,
  ordinal   INTEGER NOT NULL,
  stop      INTEGER NOT NULL,
  place     INTEGER NOT NULL,
  PRIMARY KEY (campaign, list, household)
) STRICT, WITHOUT ROWID;

-- Households that a list once had, and the last epoch in which it did: what phones wrote there
-- before they heard is theirs to write.
CREATE TABLE list_member_past (
  campaign   BLOB NOT NULL,
  list       INTEGER NOT NULL,
  household  BLOB NOT NULL,
  last_epoch INTEGER NOT NULL,
  PRIMARY KEY (campaign, list, household)
) STRICT, WITHOUT ROWID;

CREATE INDEX list_member_order ON list_member (campaign, list, cell, ordinal);
CREATE INDEX list_member_household ON list_member (campaign, household);

CREATE TABLE canvasser (
  campaign BLOB NOT NULL,
  id       BLOB NOT NULL,
  name     TEXT NOT NULL,
  PRIMARY KEY (campaign, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE invitation (
  campaign    BLOB NOT NULL,
  secret_hash BLOB NOT NULL UNIQUE,
  canvasser   BLOB NOT NULL,
  lists       TEXT NOT NULL,                -- numbers, as JSON
  expires     INTEGER NOT NULL,             -- milliseconds
  used_by     BLOB,
  PRIMARY KEY (campaign, secret_hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE device (
  campaign    BLOB NOT NULL,
  id          BLOB NOT NULL,
  public_key  BLOB NOT NULL,
  canvasser   BLOB NOT NULL,
  token_hash  BLOB NOT NULL UNIQUE,
  offset_ms   INTEGER NOT NULL,             -- server time minus its time, at its last push
  revoked     INTEGER NOT NULL,             -- 0, or when it was shut out, in milliseconds
  PRIMARY KEY (campaign, id)
) STRICT, WITHOUT ROWID;

-- What devices are to erase: sent with every answer until the device has signed that it is done.
CREATE TABLE device_order (
  campaign BLOB NOT NULL,
  device   BLOB NOT NULL,
  number   INTEGER NOT NULL,
  list     INTEGER,                         -- nothing: all lists
  issued   INTEGER NOT NULL,                -- milliseconds
  bytes    BLOB NOT NULL,                   -- the order as it was signed
  receipt  BLOB,                            -- the device's signature over it
  PRIMARY KEY (campaign, device, number)
) STRICT, WITHOUT ROWID;

-- How far each author is received. A device whose database was restored or copied goes on under
-- another incarnation.
CREATE TABLE author (
  campaign    BLOB NOT NULL,
  device      BLOB NOT NULL,
  incarnation INTEGER NOT NULL,
  mark        INTEGER NOT NULL,             -- every change up to here is received
  PRIMARY KEY (campaign, device, incarnation)
) STRICT, WITHOUT ROWID;

-- Which lists a device has been given; rows stay when a list is taken back.
CREATE TABLE device_list (
  campaign BLOB NOT NULL,
  device   BLOB NOT NULL,
  list     INTEGER NOT NULL,
  taken    INTEGER NOT NULL,                -- when it was taken back, in milliseconds; else 0
  given    INTEGER NOT NULL,                -- the list's epoch when the device was first given it
  PRIMARY KEY (campaign, device, list)
) STRICT, WITHOUT ROWID;

-- Every segment as it came: what was signed is what is kept.
CREATE TABLE segment (
  campaign    BLOB NOT NULL,
  device      BLOB NOT NULL,
  incarnation INTEGER NOT NULL,
  first_seq   INTEGER NOT NULL,
  count       INTEGER NOT NULL,
  hash        BLOB NOT NULL,
  bytes       BLOB NOT NULL,
  received    INTEGER NOT NULL,
  state       INTEGER NOT NULL,             -- 0 unreadable, 1 taken in, 2 says something else
  erased      INTEGER NOT NULL,             -- something was taken out; it is not signed any more
  PRIMARY KEY (campaign, device, incarnation, first_seq, hash)
) STRICT, WITHOUT ROWID;

-- Households where someone was erased, or everything was.
CREATE TABLE erasure (
  campaign    BLOB NOT NULL,
  household   BLOB NOT NULL,
  cell        INTEGER NOT NULL,
  ordinal     INTEGER NOT NULL,
  has_remains INTEGER NOT NULL,             -- earlier copies may be left in the file
  PRIMARY KEY (campaign, household)
) STRICT, WITHOUT ROWID;

-- Changes that are kept and shown to nobody, and why.
CREATE TABLE set_aside (
  campaign    BLOB NOT NULL,
  device      BLOB NOT NULL,
  incarnation INTEGER NOT NULL,
  number      INTEGER NOT NULL,
  reason      INTEGER NOT NULL,
  PRIMARY KEY (campaign, device, incarnation, number)
) STRICT, WITHOUT ROWID;
