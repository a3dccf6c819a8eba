-- Jobs that belong to no index: `generation_key` of `jobs` and `lanes`, and the document of an idempotency key, may be NULL.
-- A rebuild of `jobs` with its 25 indexes would take a minute for a million rows, so the constraints are changed in the text
-- of the schema. SQLite documents this for changes that leave the rows as they are: removing NOT NULL and adding a CHECK
-- that every row keeps (https://www.sqlite.org/lang_altertable.html#otheralter).

PRAGMA writable_schema = ON;

UPDATE sqlite_schema SET sql = replace(sql,
    'generation_key INTEGER NOT NULL REFERENCES generations,',
    '-- NULL for a job that belongs to no index.
  generation_key INTEGER REFERENCES generations,')
  WHERE type = 'table' AND name IN ('jobs', 'lanes');

-- Work on a document, and a wait for the other jobs of a generation, need one.
UPDATE sqlite_schema SET sql = replace(sql,
    'CHECK ((document_key IS NULL) = (revision IS NULL)),',
    'CHECK ((document_key IS NULL) = (revision IS NULL)),
  CHECK (generation_key IS NOT NULL OR document_key IS NULL AND waits_below IS NULL),')
  WHERE type = 'table' AND name = 'jobs';

-- A key of a job that was started by its workflow stands for no document.
UPDATE sqlite_schema SET sql = replace(replace(sql,
    'document TEXT NOT NULL,', 'document TEXT,'),
    'revision INTEGER NOT NULL,', 'revision INTEGER CHECK ((revision IS NULL) = (document IS NULL)),')
  WHERE type = 'table' AND name = 'idempotency_keys';

PRAGMA writable_schema = RESET;

-- Fails, and with it the migration, where one of the texts was not as expected.
CREATE TABLE migration_check (ok INTEGER NOT NULL CHECK (ok = 1)) STRICT;
INSERT INTO migration_check
  SELECT count(*) = 4 AND sum("notnull") = 0 FROM (
    SELECT "notnull" FROM pragma_table_info('jobs') WHERE name = 'generation_key'
    UNION ALL SELECT "notnull" FROM pragma_table_info('lanes') WHERE name = 'generation_key'
    UNION ALL SELECT "notnull" FROM pragma_table_info('idempotency_keys') WHERE name IN ('document', 'revision'));
INSERT INTO migration_check
  SELECT count(*) = 2 FROM sqlite_schema
  WHERE name = 'jobs' AND sql LIKE '%OR document_key IS NULL AND waits_below IS NULL)%'
    OR name = 'idempotency_keys' AND sql LIKE '%(revision IS NULL) = (document IS NULL)%';
DROP TABLE migration_check;

-- NULLs are never equal in the UNIQUE of `lanes`: without this there could be twins of a lane without an index.
CREATE UNIQUE INDEX lanes_without_index ON lanes (source_key, workflow, gates) WHERE generation_key IS NULL;
