-- What a backend that results leave for calls them, as its database gave it or as the operator
-- wrote it (docs/result-codes.md): the latest table for each backend.

CREATE TABLE result_codes (
  campaign BLOB NOT NULL,
  backend  TEXT NOT NULL,
  codes    TEXT NOT NULL,
  PRIMARY KEY (campaign, backend)
) STRICT;
