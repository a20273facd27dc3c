-- The outline of the list's turf: rings of [latitude, longitude] in degrees, as JSON. Nothing in
-- lists that came before it was told, and in a campaign without a server.
ALTER TABLE about ADD COLUMN outline TEXT;
