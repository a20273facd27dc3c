-- main.db: who this phone is, and what it has recorded and not yet seen safe at the campaign.
-- Bodies of changes and unsent segments are sealed under the key of the list they speak of.

CREATE TABLE identity (
  one            INTEGER PRIMARY KEY CHECK (one = 1),
  campaign       BLOB NOT NULL,
  campaign_name  TEXT NOT NULL,
  device         BLOB NOT NULL,
  incarnation    INTEGER NOT NULL,
  next_seq       INTEGER NOT NULL,         -- the number of the next change; never goes back
  canvasser      BLOB NOT NULL,
  canvasser_name TEXT NOT NULL,
  organiser      INTEGER NOT NULL,         -- without a server the one who holds the phone decides
  server         TEXT,                     -- nothing: a campaign without a server
  token          TEXT,
  invitation     BLOB,                     -- an invitation that has not been redeemed yet
  acked_seq      INTEGER NOT NULL,         -- the server has every change up to here
  attempts       INTEGER NOT NULL,         -- failed syncs in a row
  next_sync_ms   INTEGER NOT NULL,
  last_sync_us   INTEGER,                  -- the last complete one
  signing_key    BLOB,                     -- the campaign's, pinned at enrolment
  sealing_key    BLOB,
  card           BLOB,                     -- who this device is, signed by the campaign
  was_incarnation INTEGER NOT NULL DEFAULT 0  -- the one before, 0 for none
) STRICT;

CREATE TABLE list (
  id          BLOB PRIMARY KEY,
  number      INTEGER NOT NULL UNIQUE,
  epoch       INTEGER NOT NULL,
  name        TEXT NOT NULL,
  wrapped_key BLOB NOT NULL,               -- under the vault's alias for this list
  fingerprint BLOB NOT NULL,               -- of the key: tells a wrong key from a damaged file
  withdrawn   INTEGER NOT NULL,            -- not named by the server any more: not shown
  lent_ms     INTEGER,                     -- when the campaign signed its lease
  expires_ms  INTEGER,                     -- and how long that lets it be read
  budget_ms   INTEGER,
  lease       BLOB,                        -- the lease whole, under the list's key
  closed      INTEGER NOT NULL,            -- 0 open, else why it may not be read any more
  erased      INTEGER NOT NULL             -- 0 while something of a closed list is left here
) STRICT, WITHOUT ROWID;

-- The time that has certainly passed: see `time::TrustedTime`.
CREATE TABLE trusted_time (
  one           INTEGER PRIMARY KEY CHECK (one = 1),
  floor_ms      INTEGER NOT NULL,
  counted_ms    INTEGER NOT NULL,
  boot          TEXT NOT NULL,
  since_boot_ms INTEGER NOT NULL,
  restarted     INTEGER NOT NULL
) STRICT;

-- Orders of the campaign that this phone has carried out.
CREATE TABLE order_done (
  number    INTEGER PRIMARY KEY,
  signature BLOB NOT NULL,                 -- this device's, over the order
  told      INTEGER NOT NULL               -- the server has heard of it
) STRICT;

CREATE TABLE pending (
  incarnation INTEGER NOT NULL,
  seq    INTEGER NOT NULL,                 -- the number in the change's id
  list   BLOB NOT NULL,
  sealed BLOB NOT NULL,                    -- the change, under the list's key; empty once the
                                           -- list is erased: its segment is sealed to the campaign
  state  INTEGER NOT NULL,                 -- 0 only here, 1 at the campaign, 2 set aside there,
                                           -- 3 likewise, and to be tried again
  reason INTEGER NOT NULL DEFAULT 0,       -- why it was set aside
  PRIMARY KEY (incarnation, seq)
) STRICT;
CREATE INDEX pending_list ON pending (list, seq);

-- Segments of the present incarnation.
CREATE TABLE segment (
  first_seq INTEGER PRIMARY KEY,
  count     INTEGER NOT NULL,
  list      BLOB NOT NULL,
  sealed    BLOB NOT NULL,                 -- the signed bytes, made once, under the list's key
  enclosed  INTEGER NOT NULL               -- 1: an envelope, sealed to the campaign, as it travels
) STRICT;

-- Work of other phones, carried to the campaign: sealed segments as they came.
CREATE TABLE relay (
  device      BLOB NOT NULL,
  incarnation INTEGER NOT NULL,
  first_seq   INTEGER NOT NULL,
  end_seq     INTEGER NOT NULL,            -- the number after the last change
  list        INTEGER NOT NULL,            -- the list's number within the campaign
  envelope    BLOB NOT NULL,
  PRIMARY KEY (device, incarnation, first_seq)
) STRICT, WITHOUT ROWID;

-- Who other phones are, as the campaign signed it.
CREATE TABLE peer (
  device BLOB PRIMARY KEY,
  card   BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- How far the campaign has an author, as it signed it: also to be handed on.
CREATE TABLE receipt (
  device      BLOB NOT NULL,
  incarnation INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  signature   BLOB NOT NULL,
  PRIMARY KEY (device, incarnation)
) STRICT, WITHOUT ROWID;

-- How far another phone holds changes of this one.
CREATE TABLE peer_mark (
  peer        BLOB NOT NULL,
  incarnation INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  PRIMARY KEY (peer, incarnation)
) STRICT, WITHOUT ROWID;

-- What has happened how often on this phone, for whoever looks after it.
CREATE TABLE counter (
  name  TEXT PRIMARY KEY,
  count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
