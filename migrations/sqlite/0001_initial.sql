-- The first schema. Times are microseconds since 1970 by the wall clock, except `lease_until`, which is microseconds
-- since boot. JSON is TEXT. Keys are this database's own; ids (ULIDs) are what people and other programs see.

-- Where documents come from. `ready` counts the jobs that could start now, so that a claim finds a source by index;
-- `virtual_time` grows with what a source was given, so that the one with the least comes next. The other counters
-- follow every transition, so that looking at a large queue costs nothing.
CREATE TABLE sources (
  key INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 128),
  weight REAL NOT NULL DEFAULT 1 CHECK (weight > 0),
  virtual_time REAL NOT NULL DEFAULT 0,
  ready INTEGER NOT NULL DEFAULT 0 CHECK (ready >= 0),
  queued INTEGER NOT NULL DEFAULT 0 CHECK (queued >= 0),
  running INTEGER NOT NULL DEFAULT 0 CHECK (running >= 0),
  waiting INTEGER NOT NULL DEFAULT 0 CHECK (waiting >= 0),
  completed INTEGER NOT NULL DEFAULT 0 CHECK (completed >= 0),
  cancelled INTEGER NOT NULL DEFAULT 0 CHECK (cancelled >= 0),
  dead INTEGER NOT NULL DEFAULT 0 CHECK (dead >= 0),
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sources_ready ON sources (virtual_time, key) WHERE ready > 0;

CREATE TABLE indexes (
  key INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 64),
  next_generation INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL
) STRICT;

-- One physical build of an index each. `previous` is what it replaced when it became live: where a rollback leads.
CREATE TABLE generations (
  key INTEGER PRIMARY KEY,
  index_key INTEGER NOT NULL REFERENCES indexes,
  number INTEGER NOT NULL CHECK (number >= 1),
  state TEXT NOT NULL CHECK (state IN ('building', 'ready', 'live', 'retired', 'deleted')),
  spec TEXT NOT NULL,
  previous INTEGER,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  UNIQUE (index_key, number)
) STRICT;
CREATE UNIQUE INDEX generations_live ON generations (index_key) WHERE state = 'live';

-- The identity of a document, and the revision that is wanted.
CREATE TABLE documents (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  index_key INTEGER NOT NULL REFERENCES indexes,
  source_key INTEGER NOT NULL REFERENCES sources,
  uri TEXT NOT NULL,
  revision INTEGER NOT NULL CHECK (revision >= 1),
  change TEXT NOT NULL CHECK (change IN ('content', 'delete')),
  content TEXT CHECK ((content IS NOT NULL) = (change = 'content')),
  -- The same content's key in `blobs`: an index on keys grows at its end, one on hashes all over.
  blob_key INTEGER CHECK ((blob_key IS NOT NULL) = (change = 'content')),
  size INTEGER NOT NULL CHECK (size >= 0),
  meta TEXT NOT NULL,
  workflow TEXT NOT NULL,
  -- Where the worker finds the password of an encrypted file: the path, never the secret.
  password_file TEXT,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  UNIQUE (index_key, source_key, uri)
) STRICT;
CREATE INDEX documents_blob ON documents (blob_key) WHERE blob_key IS NOT NULL;

-- The revision that a generation holds of a document. Every difference from `documents.revision` is work.
CREATE TABLE holdings (
  generation_key INTEGER NOT NULL REFERENCES generations,
  document_key INTEGER NOT NULL REFERENCES documents,
  revision INTEGER NOT NULL,
  change TEXT NOT NULL CHECK (change IN ('content', 'delete')),
  chunks INTEGER NOT NULL CHECK (chunks >= 0),
  PRIMARY KEY (generation_key, document_key)
) STRICT, WITHOUT ROWID;

-- Definitions, by the hash of their canonical form, kept until no job needs them.
CREATE TABLE workflows (
  key INTEGER PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  definition TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE workers (
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  process INTEGER NOT NULL,
  host TEXT NOT NULL,
  boot_id TEXT NOT NULL,
  lock_path TEXT NOT NULL,
  concurrency INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  heartbeat_at INTEGER NOT NULL
) STRICT;

-- The queue of jobs that share what gates their start: here the source and the generation.
CREATE TABLE lanes (
  key INTEGER PRIMARY KEY,
  source_key INTEGER NOT NULL REFERENCES sources,
  generation_key INTEGER NOT NULL REFERENCES generations,
  ready INTEGER NOT NULL DEFAULT 0 CHECK (ready >= 0),
  UNIQUE (source_key, generation_key)
) STRICT;
CREATE INDEX lanes_ready ON lanes (source_key) WHERE ready > 0;

-- One durable run of a workflow each. The CHECK repeats the state machine of JobState.swift.
CREATE TABLE jobs (
  -- Never used twice: leases and the journal name jobs by it, also those that are gone.
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  workflow_key INTEGER NOT NULL REFERENCES workflows,
  lane_key INTEGER NOT NULL REFERENCES lanes,
  source_key INTEGER NOT NULL REFERENCES sources,
  generation_key INTEGER NOT NULL REFERENCES generations,
  document_key INTEGER REFERENCES documents,
  revision INTEGER,
  content TEXT,
  blob_key INTEGER,
  task TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  priority INTEGER NOT NULL CHECK (priority BETWEEN -100 AND 100),
  -- Queue time less 60 s for each point of priority: a stored rank, so that ageing costs no computation.
  rank INTEGER NOT NULL,
  due_at INTEGER,
  -- What was asked for, kept while the job waits for an earlier one of its document.
  not_before INTEGER,
  deadline_at INTEGER,
  fence INTEGER NOT NULL DEFAULT 0,
  worker_key INTEGER REFERENCES workers,
  lease_until INTEGER,
  cancel_requested INTEGER NOT NULL DEFAULT 0 CHECK (cancel_requested IN (0, 1)),
  -- Waits until no job of its generation with a lower key is open.
  waits_below INTEGER,
  -- One of those, looked at before the others are: while it is open nothing has to be searched.
  waits_for INTEGER,
  -- Deaths of processes while it ran, since its last checkpoint.
  deaths INTEGER NOT NULL DEFAULT 0,
  -- Was in flight at two deaths: runs with nothing else in its process.
  alone INTEGER NOT NULL DEFAULT 0 CHECK (alone IN (0, 1)),
  degraded INTEGER NOT NULL DEFAULT 0 CHECK (degraded IN (0, 1)),
  error TEXT,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  CHECK ((document_key IS NULL) = (revision IS NULL)),
  CHECK (CASE state
    WHEN 'queued' THEN worker_key IS NULL AND lease_until IS NULL AND finished_at IS NULL AND waits_below IS NULL
      AND reason IN ('ready', 'scheduled', 'retrying', 'throttled', 'breaker-open', 'exhausted', 'paused',
        'after-previous')
      AND (due_at IS NULL) = (reason IN ('ready', 'paused', 'after-previous'))
    WHEN 'running' THEN worker_key IS NOT NULL AND lease_until IS NOT NULL AND finished_at IS NULL
      AND reason IS NULL AND due_at IS NULL AND waits_below IS NULL
    WHEN 'waiting' THEN waits_below IS NOT NULL AND worker_key IS NULL AND finished_at IS NULL AND due_at IS NULL
    WHEN 'completed' THEN finished_at IS NOT NULL AND worker_key IS NULL AND error IS NULL AND due_at IS NULL
    WHEN 'cancelled' THEN finished_at IS NOT NULL AND worker_key IS NULL AND reason IN ('superseded', 'requested')
      AND due_at IS NULL
    WHEN 'dead' THEN finished_at IS NOT NULL AND worker_key IS NULL AND error IS NOT NULL AND due_at IS NULL
    ELSE 0
  END)
) STRICT;
-- What can start now, and nothing else: the cost of a claim does not grow with what waits.
CREATE INDEX jobs_ready ON jobs (lane_key, rank, key) WHERE state = 'queued' AND reason = 'ready' AND alone = 0;
CREATE INDEX jobs_alone ON jobs (rank, key) WHERE state = 'queued' AND reason = 'ready' AND alone = 1;
CREATE INDEX jobs_due ON jobs (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX jobs_deadline ON jobs (deadline_at) WHERE deadline_at IS NOT NULL AND finished_at IS NULL;
CREATE INDEX jobs_lease ON jobs (lease_until) WHERE state = 'running';
CREATE INDEX jobs_worker ON jobs (worker_key) WHERE worker_key IS NOT NULL;
-- The open jobs of a document, in revision order; a generation's own job comes first (document_key NULL).
CREATE INDEX jobs_open ON jobs (generation_key, document_key, revision) WHERE finished_at IS NULL;
CREATE INDEX jobs_dead ON jobs (key) WHERE state = 'dead';
-- What needs a person; never many.
CREATE INDEX jobs_stuck ON jobs (key) WHERE state = 'queued' AND reason IN ('exhausted', 'paused');
CREATE INDEX jobs_document ON jobs (document_key, key) WHERE document_key IS NOT NULL;
-- The bytes that a job still needs.
CREATE INDEX jobs_blob ON jobs (blob_key) WHERE blob_key IS NOT NULL AND (finished_at IS NULL OR state = 'dead');

-- A row for each step that was begun: its checkpoint once `finished_at` is set, until then its cursor and progress.
CREATE TABLE steps (
  job_key INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
  position INTEGER NOT NULL CHECK (position >= 0),
  step TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  result TEXT CHECK (length(result) <= 8192),
  cursor TEXT,
  done INTEGER,
  total INTEGER,
  unit TEXT,
  degraded INTEGER NOT NULL DEFAULT 0,
  error TEXT,
  started_at INTEGER,
  finished_at INTEGER CHECK ((finished_at IS NULL) = (result IS NULL)),
  PRIMARY KEY (job_key, position)
) STRICT, WITHOUT ROWID;

-- Every failed attempt, for the chain of errors of a dead letter.
CREATE TABLE attempts (
  key INTEGER PRIMARY KEY,
  job_key INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
  position INTEGER NOT NULL,
  error TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER NOT NULL
) STRICT;
CREATE INDEX attempts_job ON attempts (job_key);

-- Bytes by their SHA-256: small ones here, large ones as files of that name (`bytes` is NULL).
CREATE TABLE blobs (
  key INTEGER PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  size INTEGER NOT NULL,
  -- Before the bytes, so that a look at it need not read them.
  created_at INTEGER NOT NULL,
  bytes BLOB
) STRICT;

-- Which blobs the checkpoints of a job rely on; they count while the job is open or dead.
CREATE TABLE job_blobs (
  blob_key INTEGER NOT NULL,
  job_key INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
  PRIMARY KEY (blob_key, job_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX job_blobs_job ON job_blobs (job_key);

-- Parse results outlive jobs and are shared by every generation with the same parser.
CREATE TABLE parses (
  content_key INTEGER NOT NULL,
  parser TEXT NOT NULL,
  result TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (content_key, parser)
) STRICT, WITHOUT ROWID;
CREATE TABLE parse_blobs (
  blob_key INTEGER NOT NULL,
  content_key INTEGER NOT NULL,
  parser TEXT NOT NULL,
  PRIMARY KEY (blob_key, content_key, parser),
  FOREIGN KEY (content_key, parser) REFERENCES parses ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX parse_blobs_parse ON parse_blobs (content_key, parser);

-- Vectors that were paid for.
CREATE TABLE embedders (
  key INTEGER PRIMARY KEY,
  fingerprint TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE embeddings (
  key INTEGER PRIMARY KEY,
  embedder_key INTEGER NOT NULL REFERENCES embedders,
  text TEXT NOT NULL,
  vector BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (embedder_key, text)
) STRICT;

-- A key belongs to its source and outlives its job; `request` is what it was first used with.
CREATE TABLE idempotency_keys (
  source_key INTEGER NOT NULL REFERENCES sources,
  key TEXT NOT NULL,
  request TEXT NOT NULL,
  job TEXT,
  document TEXT NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (source_key, key)
) STRICT, WITHOUT ROWID;

-- Contents on which processes died with no other document in them; quarantined at three.
CREATE TABLE quarantine (
  content TEXT PRIMARY KEY,
  deaths INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Every transition, written in its own transaction, with who made it.
CREATE TABLE journal (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  job_key INTEGER,
  document_key INTEGER,
  generation_key INTEGER,
  data TEXT
) STRICT;
CREATE INDEX journal_generation ON journal (generation_key) WHERE generation_key IS NOT NULL AND job_key IS NULL;
