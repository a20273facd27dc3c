-- Where conversations at doors stand, so that a phone that was killed asks the same question
-- again. All of it is sealed under the list's key; the name of a row is made with that key too,
-- so that it tells nobody whom it is about.
CREATE TABLE conversation (
  list   BLOB NOT NULL,
  name   BLOB NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (list, name)
) STRICT, WITHOUT ROWID;
