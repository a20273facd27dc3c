-- How the door is reached (walklist::Access): what the events of the door say.
ALTER TABLE household ADD COLUMN access INTEGER NOT NULL DEFAULT 0;
