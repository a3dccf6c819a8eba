-- The table of the children that one step made has the name that the code and the documentation use.
ALTER TABLE families RENAME TO child_groups;
DROP INDEX families_closing;
CREATE INDEX child_groups_closing ON child_groups (parent_key) WHERE closing = 1;
