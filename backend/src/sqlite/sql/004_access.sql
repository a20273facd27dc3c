-- How each door is reached (walklist::Access), as its events say: turfs and orders go by it.
ALTER TABLE household ADD COLUMN access INTEGER NOT NULL DEFAULT 0;
