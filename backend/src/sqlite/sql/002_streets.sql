-- The campaign's street pack, as the operator brought it, and each list's own piece of it. Packs
-- are named by the BLAKE3 of their bytes. They say nothing about people.

CREATE TABLE street_pack (
  campaign BLOB PRIMARY KEY,
  hash     BLOB NOT NULL,
  pack     BLOB NOT NULL
) STRICT;

CREATE TABLE list_streets (
  campaign BLOB NOT NULL,
  list     INTEGER NOT NULL,
  hash     BLOB NOT NULL,
  pack     BLOB NOT NULL,
  PRIMARY KEY (campaign, list)
) STRICT;
