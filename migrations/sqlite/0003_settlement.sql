-- What jobs may have written into a generation without a word to the catalogue: they ended cancelled or dead after a worker
-- had begun them, and a write whose worker died, or whose answer was lost, may have taken place. Whoever has the index at
-- hand looks, tells the catalogue what is shown, and removes the row.
CREATE TABLE unsettled_writes (
  key INTEGER PRIMARY KEY,
  generation_key INTEGER NOT NULL REFERENCES generations,
  document_key INTEGER NOT NULL REFERENCES documents,
  revision INTEGER NOT NULL,
  UNIQUE (generation_key, document_key, revision)
) STRICT;

-- Idle lanes are looked for by walking all of them, those of deleted generations among them.
DROP INDEX lanes_idle;
