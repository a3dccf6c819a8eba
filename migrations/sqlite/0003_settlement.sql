-- What jobs may have written into a generation without a word to the catalogue: they ended cancelled or dead after a worker
-- had begun them, and a write whose worker died, or whose answer was lost, may have taken place, or may be about to where the
-- worker is only stopped. Whoever has the index at hand looks, and tells the catalogue what is shown. Keys are not used again:
-- one that was looked at must not stand for another.
CREATE TABLE unsettled_writes (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  generation_key INTEGER NOT NULL REFERENCES generations,
  document_key INTEGER NOT NULL REFERENCES documents,
  revision INTEGER NOT NULL,
  -- Microseconds since 1970.
  noted_at INTEGER NOT NULL,
  -- When to look again of oneself.
  look_at INTEGER NOT NULL,
  UNIQUE (generation_key, document_key, revision)
) STRICT;
CREATE INDEX unsettled_writes_look ON unsettled_writes (look_at);

-- Idle lanes are looked for by walking all of them, those of deleted generations among them.
DROP INDEX lanes_idle;
