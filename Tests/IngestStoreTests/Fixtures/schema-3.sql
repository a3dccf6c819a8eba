PRAGMA defer_foreign_keys = ON;
CREATE TABLE schema_migrations (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  checksum INTEGER NOT NULL,
  applied_at INTEGER NOT NULL
) STRICT;
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
, paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)), weight_origin TEXT NOT NULL DEFAULT 'default'
  CHECK (weight_origin IN ('default', 'configuration', 'live')), configured_weight REAL, configured_paused INTEGER CHECK (configured_paused IN (0, 1)), closed INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1)), closed_until INTEGER, closed_by INTEGER, closed_version INTEGER) STRICT;
CREATE TABLE indexes (
  key INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 64),
  next_generation INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL
) STRICT;
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
CREATE TABLE holdings (
  generation_key INTEGER NOT NULL REFERENCES generations,
  document_key INTEGER NOT NULL REFERENCES documents,
  revision INTEGER NOT NULL,
  change TEXT NOT NULL CHECK (change IN ('content', 'delete')),
  chunks INTEGER NOT NULL CHECK (chunks >= 0), lost INTEGER NOT NULL DEFAULT 0 CHECK (lost >= 0),
  PRIMARY KEY (generation_key, document_key)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE attempts (
  key INTEGER PRIMARY KEY,
  job_key INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
  position INTEGER NOT NULL,
  error TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER NOT NULL
) STRICT;
CREATE TABLE blobs (
  key INTEGER PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  size INTEGER NOT NULL,
  -- Before the bytes, so that a look at it need not read them.
  created_at INTEGER NOT NULL,
  bytes BLOB
) STRICT;
CREATE TABLE job_blobs (
  blob_key INTEGER NOT NULL,
  job_key INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
  PRIMARY KEY (blob_key, job_key)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE idempotency_keys (
  source_key INTEGER NOT NULL REFERENCES sources,
  key TEXT NOT NULL,
  request TEXT NOT NULL,
  job TEXT,
  document TEXT NOT NULL,
  revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL, expires_at INTEGER, state TEXT,
  PRIMARY KEY (source_key, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE quarantine (
  content TEXT PRIMARY KEY,
  deaths INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE journal (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  job_key INTEGER,
  document_key INTEGER,
  generation_key INTEGER,
  data TEXT
, gate_key INTEGER) STRICT;
CREATE TABLE flow (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  version INTEGER NOT NULL DEFAULT 1,
  paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
  -- The boot that `closed_until` in lanes and sources and the states of gates are reckoned in.
  boot_id TEXT NOT NULL DEFAULT '',
  -- When this boot was first noted, by its own clock: what an older one left to wait is waited from then.
  boot_at INTEGER NOT NULL DEFAULT 0,
  -- The worker that claims nothing until it is idle, for a job that must run alone.
  draining_worker INTEGER,
  -- The hash of the configuration's limits as they were last taken over.
  configuration TEXT,
  -- The highest line of the journal that retention has removed.
  journal_pruned INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE limits (
  key INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('throttle', 'rate-limit', 'concurrency')),
  -- What it is counted by: `source`, `index`, `workflow`, `provider`, `tenant`, `document`, `meta.NAME`.
  per TEXT NOT NULL,
  unit TEXT NOT NULL CHECK (unit IN ('jobs', 'steps', 'requests', 'tokens')),
  -- The one source, index, workflow or provider that it holds for; '' means all.
  source TEXT NOT NULL DEFAULT '',
  index_name TEXT NOT NULL DEFAULT '',
  workflow TEXT NOT NULL DEFAULT '',
  provider TEXT NOT NULL DEFAULT '',
  -- `60/m burst 10`, or how many at once.
  spec TEXT,
  origin TEXT NOT NULL CHECK (origin IN ('configuration', 'live')),
  actor TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  UNIQUE (kind, per, unit, source, index_name, workflow, provider, origin)
) STRICT;
CREATE TABLE paused_workflows (
  workflow TEXT PRIMARY KEY,
  actor TEXT NOT NULL,
  paused_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE gates (
  key INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('throttle', 'rate-limit', 'concurrency', 'dependency', 'pause')),
  state TEXT,
  -- Slots that are taken, of a concurrency limit.
  held INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0),
  -- Of a concurrency limit: the version of the rules under which the jobs that ran already were counted in.
  adopted INTEGER,
  -- Of a dependency: when the next of the jobs that were parked at it may start.
  paced_until INTEGER,
  changed_at INTEGER NOT NULL
) STRICT;
CREATE TABLE slots (
  job_key INTEGER NOT NULL,
  gate_key INTEGER NOT NULL REFERENCES gates,
  step INTEGER NOT NULL CHECK (step IN (0, 1)),
  PRIMARY KEY (job_key, gate_key)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS "lanes" (
  key INTEGER PRIMARY KEY,
  source_key INTEGER NOT NULL REFERENCES sources,
  generation_key INTEGER NOT NULL REFERENCES generations,
  workflow TEXT NOT NULL DEFAULT '',
  -- JSON of the gates besides those of source, index, workflow and provider; '' for none.
  gates TEXT NOT NULL DEFAULT '',
  -- The lane that a job which was parked here belongs to.
  base_key INTEGER,
  ready INTEGER NOT NULL DEFAULT 0 CHECK (ready >= 0),
  head INTEGER,
  closed INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1)),
  closed_until INTEGER,
  closed_by INTEGER,
  closed_version INTEGER,
  UNIQUE (source_key, generation_key, workflow, gates)
) STRICT;
CREATE TABLE IF NOT EXISTS "jobs" (
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
  -- When a queued job may start, or when a wait for a signal is over.
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
  -- Waits for a signal of this name; an approval's begins with `approval:`.
  waits_signal TEXT,
  -- Waits until all children have ended that its step at this position has made.
  waits_children INTEGER CHECK (waits_children >= 0),
  -- What ended its wait, for the step that asked for it: JSON.
  wake TEXT,
  -- Deaths of processes while it ran, since its last checkpoint.
  deaths INTEGER NOT NULL DEFAULT 0,
  -- Was in flight at two deaths: runs with nothing else in its process.
  alone INTEGER NOT NULL DEFAULT 0 CHECK (alone IN (0, 1)),
  degraded INTEGER NOT NULL DEFAULT 0 CHECK (degraded IN (0, 1)),
  -- Whether it holds slots of concurrency limits.
  gated INTEGER NOT NULL DEFAULT 0 CHECK (gated IN (0, 1)),
  error TEXT,
  -- What it dies of once its on-failure step has ended.
  fatal TEXT,
  -- The job that made it by `foreach`, the position of that step, and its place among the step's children.
  parent_key INTEGER,
  parent_step INTEGER,
  child INTEGER,
  -- The id of the finished job that it repeats.
  replay_of TEXT,
  -- At most one open job of a workflow has this.
  singleton TEXT,
  -- When the first of the submits that a debounce put together came.
  debounced_since INTEGER,
  -- The schedule that fired it.
  schedule_key INTEGER,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  CHECK ((document_key IS NULL) = (revision IS NULL)),
  CHECK ((parent_key IS NULL) = (child IS NULL)),
  CHECK ((parent_key IS NULL) = (parent_step IS NULL)),
  CHECK (CASE state
    WHEN 'queued' THEN worker_key IS NULL AND lease_until IS NULL AND finished_at IS NULL AND waits_below IS NULL
      AND waits_signal IS NULL AND waits_children IS NULL
      AND reason IN ('ready', 'scheduled', 'retrying', 'throttled', 'breaker-open', 'exhausted', 'paused',
        'after-previous')
      AND (due_at IS NULL) = (reason IN ('ready', 'paused', 'after-previous'))
    WHEN 'running' THEN worker_key IS NOT NULL AND lease_until IS NOT NULL AND finished_at IS NULL
      AND reason IS NULL AND due_at IS NULL AND waits_below IS NULL AND waits_signal IS NULL
      AND waits_children IS NULL
    WHEN 'waiting' THEN worker_key IS NULL AND finished_at IS NULL AND gated = 0
      AND (waits_below IS NOT NULL) + (waits_signal IS NOT NULL) + (waits_children IS NOT NULL) = 1
      AND (due_at IS NULL OR waits_signal IS NOT NULL)
    WHEN 'completed' THEN finished_at IS NOT NULL AND worker_key IS NULL AND error IS NULL AND due_at IS NULL
      AND gated = 0
    WHEN 'cancelled' THEN finished_at IS NOT NULL AND worker_key IS NULL AND due_at IS NULL AND gated = 0
      AND reason IN ('superseded', 'requested', 'singleton', 'parent', 'schedule')
    WHEN 'dead' THEN finished_at IS NOT NULL AND worker_key IS NULL AND error IS NOT NULL AND due_at IS NULL
      AND gated = 0
    ELSE 0
  END)
) STRICT;
CREATE TABLE families (
  parent_key INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
  step INTEGER NOT NULL,
  -- How many may be under way at once; NULL for no bound.
  parallel INTEGER CHECK (parallel >= 1),
  open INTEGER NOT NULL DEFAULT 0 CHECK (open >= 0),
  -- Of the open ones, those that wait for their turn.
  held INTEGER NOT NULL DEFAULT 0 CHECK (held BETWEEN 0 AND open),
  completed INTEGER NOT NULL DEFAULT 0 CHECK (completed >= 0),
  cancelled INTEGER NOT NULL DEFAULT 0 CHECK (cancelled >= 0),
  dead INTEGER NOT NULL DEFAULT 0 CHECK (dead >= 0),
  -- 1 when the parent has ended and the open ones are to be ended too, 2 when each of them has been told.
  closing INTEGER NOT NULL DEFAULT 0 CHECK (closing IN (0, 1, 2)),
  PRIMARY KEY (parent_key, step)
) STRICT, WITHOUT ROWID;
CREATE TABLE signals (
  key INTEGER PRIMARY KEY,
  job_key INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
  name TEXT NOT NULL,
  -- JSON.
  data TEXT NOT NULL,
  actor TEXT NOT NULL,
  sent_at INTEGER NOT NULL,
  taken_at INTEGER
) STRICT;
CREATE TABLE logs (
  key INTEGER PRIMARY KEY,
  job_key INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
  step TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  at INTEGER NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE TABLE dead_chunks (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  job_key INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
  step TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  page INTEGER,
  -- Offsets count Unicode scalars of the document's text.
  starts_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  error TEXT NOT NULL,
  died_at INTEGER NOT NULL,
  UNIQUE (job_key, ordinal)
) STRICT;
CREATE TABLE schedules (
  -- Never used twice: jobs name their schedule by it, also one that is gone.
  key INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 128),
  -- JSON of timing, zone, overlap, catch-up, jitter and what to run.
  spec TEXT NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('configuration', 'live')),
  paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
  last_at INTEGER NOT NULL,
  -- When to look again; NULL when it is over.
  next_at INTEGER,
  -- The tick that waits for the run before it (`queue-one`, or `cancel-previous` until that has stopped).
  queued_at INTEGER,
  -- Grows with every change: what was decided from an older one is void, so that each tick fires once.
  version INTEGER NOT NULL DEFAULT 1,
  fired INTEGER NOT NULL DEFAULT 0,
  skipped INTEGER NOT NULL DEFAULT 0,
  -- The first tick of the last stretch that nobody could fire in time.
  missed_at INTEGER,
  fired_at INTEGER,
  -- The id of the job that it last made, which may be purged by now.
  last_job TEXT,
  -- Why the last tick could not start anything: JSON.
  error TEXT,
  actor TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;
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
INSERT INTO schema_migrations VALUES(1,'0001_initial',8801372441322513761,1795884562612278);
INSERT INTO schema_migrations VALUES(2,'0002_flow_control',-6381896131688980360,1795884562636893);
INSERT INTO schema_migrations VALUES(3,'0003_settlement',523814254322834952,1795884562641311);
INSERT INTO sources VALUES(1,'default',1.0,8.0,3,5,0,2,2,0,2,1795884562665489,0,'default',NULL,NULL,0,NULL,NULL,NULL);
INSERT INTO sources VALUES(2,'other',1.0,9.0,0,2,0,6,0,0,0,1795884562777308,0,'default',NULL,NULL,0,NULL,NULL,NULL);
INSERT INTO sources VALUES(3,'system',1.0,1.0,0,0,0,1,0,0,0,1795884563062067,0,'default',NULL,NULL,0,NULL,NULL,NULL);
INSERT INTO sources VALUES(4,'later',1.0,0.0,0,2,0,0,0,0,0,1795884578126980,0,'default',NULL,NULL,0,NULL,NULL,NULL);
INSERT INTO sources VALUES(5,'slow',1.0,2.0,0,0,2,0,0,0,0,1795884578180280,0,'default',NULL,NULL,0,NULL,NULL,NULL);
INSERT INTO indexes VALUES(1,'docs',3,1795884562649516);
INSERT INTO generations VALUES(1,1,1,'live','{"backend":"sqlite","chunker":{"maximum":256,"overlap":24,"target":220},"embedder":{"dimensions":384,"documentPrefix":"","model":"hash/1","name":"hash","provider":"hash","queryPrefix":""},"parser":"poppler-glib+text+markdown/1"}',NULL,1795884562649516,1795884562660861);
INSERT INTO generations VALUES(2,1,2,'building','{"backend":"sqlite","chunker":{"maximum":256,"overlap":24,"target":220},"embedder":{"dimensions":384,"documentPrefix":"","model":"hash/1","name":"hash","provider":"hash","queryPrefix":""},"parser":"poppler-glib+text+markdown/1"}',NULL,1795884563062067,1795884563062067);
INSERT INTO documents VALUES(1,'01M8HGZE796XTWS884SBGA3076',1,1,'a.txt',2,'content','0cc663895f787c09cb4c457f92560a4dfcd1e0fecfb9d6a965f6b12fbb6a6b02',8,27,'{}','ingest',NULL,1795884562665489,1795884583243510);
INSERT INTO documents VALUES(2,'01M8HGZE8JKYNXBVFKJ8X6JQT5',1,1,'b.txt',1,'content','2740b3385a9f51f6880c82e05b3d162b77df677340c3c9d4aa1a559b3b5be426',2,22,'{}','fail',NULL,1795884562706476,1795884562706476);
INSERT INTO documents VALUES(3,'01M8HGZE9MYVXP31N5TJDCY9CP',1,1,'c.txt',1,'content','4f02016ad77910bb5b23601362d05f7d2d7d112be1ef37d02fd16a3e9b6c999a',3,22,'{}','ask',NULL,1795884562740440,1795884562740440);
INSERT INTO documents VALUES(4,'01M8HGZEASQECZBWDWM2GZJ1Z4',1,2,'d.txt',1,'content','867c6b580d1f36758f9f0f9aff94098efebec333e1fd6c23c8c63425b1385939',4,22,'{}','parent',NULL,1795884562777308,1795884562777308);
INSERT INTO documents VALUES(5,'01M8HGZEC0E0VEVRP1X3FWA2AK',1,1,'e.txt',1,'content','ac541d5eaa0cc857d3c9c7e444b43f669f36ad9860af39ec24baa54b08e0354f',5,22,'{}','nap',NULL,1795884562815632,1795884562815632);
INSERT INTO documents VALUES(6,'01M8HGZXAF32P5KRQ07GYTC9V2',1,4,'b.txt',1,'content','2740b3385a9f51f6880c82e05b3d162b77df677340c3c9d4aa1a559b3b5be426',2,22,'{}','ingest',NULL,1795884578126980,1795884578126980);
INSERT INTO documents VALUES(7,'01M8HGZXC47Y44M1JDS3611NTN',1,5,'e.txt',1,'content','ac541d5eaa0cc857d3c9c7e444b43f669f36ad9860af39ec24baa54b08e0354f',5,22,'{}','slow',NULL,1795884578180280,1795884578180280);
INSERT INTO holdings VALUES(1,1,1,'content',1,0);
INSERT INTO holdings VALUES(2,1,1,'content',1,0);
INSERT INTO workflows VALUES(1,'2b7a2923c1363807b926ff0aa6250cf1a9e0377308bf8ef6cf5ce954a925a27f','ingest','{"description":"Reads a document, cuts it into chunks, embeds them and writes them to the index.","name":"ingest","steps":[{"id":"parse","retry":{"attempts":8,"factor":2,"first":[0,1000000000000000000],"jitter":"full","maximum":[16,4852094820647174144]},"timeout":[32,9704189641294348288],"uses":"parse","with":{}},{"id":"chunk","retry":{"attempts":8,"factor":2,"first":[0,1000000000000000000],"jitter":"full","maximum":[16,4852094820647174144]},"timeout":[16,4852094820647174144],"uses":"chunk","with":{}},{"id":"embed","retry":{"attempts":8,"factor":2,"first":[0,1000000000000000000],"jitter":"full","maximum":[16,4852094820647174144]},"timeout":[195,2884905626637434880],"uses":"embed","with":{}},{"id":"upsert","retry":{"attempts":8,"factor":2,"first":[0,1000000000000000000],"jitter":"full","maximum":[16,4852094820647174144]},"timeout":[32,9704189641294348288],"uses":"upsert","with":{}}]}',1795884562665489);
INSERT INTO workflows VALUES(2,'b7b930317993ada302b6b5dd06c65b116567e569fb0a03c2f72131ad31199071','fail','{"description":"Fails for good.","name":"fail","steps":[{"id":"first","retry":{"attempts":8,"factor":2,"first":[0,1000000000000000000],"jitter":"full","maximum":[16,4852094820647174144]},"timeout":[32,9704189641294348288],"uses":"noop","with":{}},{"id":"run","retry":{"attempts":8,"factor":2,"first":[0,1000000000000000000],"jitter":"full","maximum":[16,4852094820647174144]},"timeout":[32,9704189641294348288],"uses":"exec","with":{"command":["/bin/false"],"exit":{"permanent":[1]}}}]}',1795884562706476);
INSERT INTO workflows VALUES(3,'3eccd741032e13f58b01fbf861dbca9602f4b4fdb2322e9ac2f5e211a99e046b','ask','{"description":"Waits for a person.","name":"ask","steps":[{"id":"ask","retry":{"attempts":8,"factor":2,"first":[0,1000000000000000000],"jitter":"full","maximum":[16,4852094820647174144]},"timeout":[32,9704189641294348288],"uses":"approval","with":{}},{"id":"end","retry":{"attempts":8,"factor":2,"first":[0,1000000000000000000],"jitter":"full","maximum":[16,4852094820647174144]},"timeout":[32,9704189641294348288],"uses":"noop","with":{}}]}',1795884562740440);
INSERT INTO workflows VALUES(4,'f5988181d41b173d8e0dcea239996ae6949e9575f7482c9c53d39fedb7195107','parent','{"description":"Makes children.","name":"parent","steps":[{"id":"list","retry":{"attempts":8,"factor":2,"first":[0,1000000000000000000],"jitter":"full","maximum":[16,4852094820647174144]},"timeout":[32,9704189641294348288],"uses":"exec","with":{"command":["/bin/echo","{\"items\": [1, 2, 3]}"]}},{"id":"each","retry":{"attempts":8,"factor":2,"first":[0,1000000000000000000],"jitter":"full","maximum":[16,4852094820647174144]},"timeout":[32,9704189641294348288],"uses":"foreach","with":{"items":"steps.list.items","parallel":2,"workflow":"leaf"}}]}',1795884562777308);
INSERT INTO workflows VALUES(5,'2c79d1dd74b790866a355fb282be3ba40e44fe341fd1d27592c5e89ce96f250f','nap','{"description":"Sleeps.","name":"nap","steps":[{"id":"nap","retry":{"attempts":8,"factor":2,"first":[0,1000000000000000000],"jitter":"full","maximum":[16,4852094820647174144]},"timeout":[32,9704189641294348288],"uses":"sleep","with":{"for":"30d"}}]}',1795884562815632);
INSERT INTO workflows VALUES(6,'88dc78e21a06e2adb3de5821ef686a86bca81ad97fd2f788bb9a5c26de12ca64','reindex','{"description":"Fills a new generation from the kept documents, one job each, waits for them, and proves the result.","name":"reindex","steps":[{"id":"fill","retry":{"attempts":8,"factor":2,"first":[0,1000000000000000000],"jitter":"full","maximum":[16,4852094820647174144]},"timeout":[195,2884905626637434880],"uses":"fill","with":{}},{"id":"verify","retry":{"attempts":8,"factor":2,"first":[0,1000000000000000000],"jitter":"full","maximum":[16,4852094820647174144]},"timeout":[195,2884905626637434880],"uses":"verify","with":{}},{"id":"ready","retry":{"attempts":8,"factor":2,"first":[0,1000000000000000000],"jitter":"full","maximum":[16,4852094820647174144]},"timeout":[3,4659767778871345152],"uses":"ready","with":{}}]}',1795884563062067);
INSERT INTO workflows VALUES(7,'a8f6cebe15c4e5172625139607cd710a4eebf2a210f8a566fa77b782721782a5','leaf','{"description":"Waits for a signal.","name":"leaf","steps":[{"id":"wait","retry":{"attempts":8,"factor":2,"first":[0,1000000000000000000],"jitter":"full","maximum":[16,4852094820647174144]},"timeout":[32,9704189641294348288],"uses":"wait-for-signal","with":{"name":"go"}}]}',1795884563251619);
INSERT INTO workflows VALUES(8,'7883c589dc3abc85bc27e13ef90ac310a6274b934984fefa0213f30e61c94903','slow','{"description":"Takes its time.","name":"slow","steps":[{"id":"run","retry":{"attempts":8,"factor":2,"first":[0,1000000000000000000],"jitter":"full","maximum":[16,4852094820647174144]},"timeout":[32,9704189641294348288],"uses":"exec","with":{"command":["/bin/sleep","60"]}}]}',1795884578180280);
INSERT INTO workers VALUES(2,'01M8HGZXE11JT32NR6VVZY7ETX',9545,'vm','b9a6e18d-bc46-475f-8140-a83a594e678c','/srv/ingest/workers/01M8HGZXE11JT32NR6VVZY7ETX.lock',8,1795884578242173,1795884578242173);
INSERT INTO steps VALUES(1,0,'parse',0,'{"characters":22,"pages":1,"parsed":"text/plain","parts":["0100fbeca1721c4b4053fc8480bf2d80f03efd0094db1c5a0b0034c5ede0c189"],"title":""}',NULL,NULL,NULL,NULL,0,NULL,1795884563198753,1795884563221404);
INSERT INTO steps VALUES(1,1,'chunk',0,'{"chunks":1,"list":"8088e4b765318fb2eeb879e5762890741e1f370b7f57ec2608f1c2eb6415a64e"}',NULL,NULL,NULL,NULL,0,NULL,1795884563226434,1795884563226819);
INSERT INTO steps VALUES(1,2,'embed',0,'{"embedded":1,"embedder":"hash:hash/1:384"}',NULL,NULL,NULL,NULL,0,NULL,1795884563237482,1795884563238443);
INSERT INTO steps VALUES(1,3,'upsert',0,'{"revision":1,"stale":false,"written":1}',NULL,NULL,NULL,NULL,0,NULL,1795884563241902,1795884563255069);
INSERT INTO steps VALUES(2,0,'first',0,'{}',NULL,NULL,NULL,NULL,0,NULL,1795884563198975,1795884563212080);
INSERT INTO steps VALUES(2,1,'run',1,NULL,NULL,NULL,NULL,NULL,0,'{"attempt":1,"category":"failed","causes":[],"code":"EXEC_FAILED","hint":"`ingestd job logs` shows what it said.","kind":"permanent","message":"/bin/false ended with status 1.","retryable":false,"step":"run"}',1795884563219819,NULL);
INSERT INTO steps VALUES(3,0,'ask',0,NULL,'{}',NULL,NULL,NULL,0,NULL,1795884563212288,NULL);
INSERT INTO steps VALUES(4,0,'list',0,'{"items":[1,2,3]}',NULL,NULL,NULL,NULL,0,NULL,1795884563201913,1795884563232893);
INSERT INTO steps VALUES(4,1,'each',0,NULL,'{"made":3,"version":"a8f6cebe15c4e5172625139607cd710a4eebf2a210f8a566fa77b782721782a5"}',3,3,'children',0,NULL,1795884563251619,NULL);
INSERT INTO steps VALUES(5,0,'nap',0,NULL,'{"until":"2026-12-28T16:49:23.212Z"}',NULL,NULL,NULL,0,NULL,1795884563212685,NULL);
INSERT INTO steps VALUES(6,0,'fill',0,'{"filled":5}',NULL,NULL,NULL,NULL,0,NULL,1795884563205857,1795884563245519);
INSERT INTO steps VALUES(7,0,'parse',0,'{"characters":22,"pages":1,"parsed":"text/plain","parts":["0100fbeca1721c4b4053fc8480bf2d80f03efd0094db1c5a0b0034c5ede0c189"],"title":""}',NULL,NULL,NULL,NULL,0,NULL,1795884563249848,1795884563258515);
INSERT INTO steps VALUES(7,1,'chunk',0,'{"chunks":1,"list":"8088e4b765318fb2eeb879e5762890741e1f370b7f57ec2608f1c2eb6415a64e"}',NULL,NULL,NULL,NULL,0,NULL,1795884563264963,1795884563265114);
INSERT INTO steps VALUES(7,2,'embed',0,'{"embedded":1,"embedder":"hash:hash/1:384"}',NULL,NULL,NULL,NULL,0,NULL,1795884563272622,1795884563278772);
INSERT INTO steps VALUES(7,3,'upsert',0,'{"revision":1,"stale":false,"written":1}',NULL,NULL,NULL,NULL,0,NULL,1795884563282949,1795884563287582);
INSERT INTO steps VALUES(8,0,'first',0,'{}',NULL,NULL,NULL,NULL,0,NULL,1795884563249885,1795884563251564);
INSERT INTO steps VALUES(8,1,'run',1,NULL,NULL,NULL,NULL,NULL,0,'{"attempt":1,"category":"failed","causes":[],"code":"EXEC_FAILED","hint":"`ingestd job logs` shows what it said.","kind":"permanent","message":"/bin/false ended with status 1.","retryable":false,"step":"run"}',1795884563263217,NULL);
INSERT INTO steps VALUES(9,0,'ask',0,NULL,'{}',NULL,NULL,NULL,0,NULL,1795884563255844,NULL);
INSERT INTO steps VALUES(10,0,'list',0,'{"items":[1,2,3]}',NULL,NULL,NULL,NULL,0,NULL,1795884563249918,1795884563260086);
INSERT INTO steps VALUES(10,1,'each',0,NULL,'{"made":3,"version":"a8f6cebe15c4e5172625139607cd710a4eebf2a210f8a566fa77b782721782a5"}',3,3,'children',0,NULL,1795884563271786,NULL);
INSERT INTO steps VALUES(11,0,'nap',0,NULL,'{"until":"2026-12-28T16:49:23.252Z"}',NULL,NULL,NULL,0,NULL,1795884563255900,NULL);
INSERT INTO steps VALUES(12,0,'wait',0,NULL,'{}',NULL,NULL,NULL,0,NULL,1795884563265079,NULL);
INSERT INTO steps VALUES(13,0,'wait',0,NULL,'{}',NULL,NULL,NULL,0,NULL,1795884563281348,NULL);
INSERT INTO steps VALUES(15,0,'wait',0,NULL,'{}',NULL,NULL,NULL,0,NULL,1795884563283329,NULL);
INSERT INTO steps VALUES(16,0,'wait',0,NULL,'{}',NULL,NULL,NULL,0,NULL,1795884563283404,NULL);
INSERT INTO attempts VALUES(1,2,1,'{"attempt":1,"category":"failed","causes":[],"code":"EXEC_FAILED","hint":"`ingestd job logs` shows what it said.","kind":"permanent","message":"/bin/false ended with status 1.","retryable":false,"step":"run"}',1795884563219819,1795884563234657);
INSERT INTO attempts VALUES(2,8,1,'{"attempt":1,"category":"failed","causes":[],"code":"EXEC_FAILED","hint":"`ingestd job logs` shows what it said.","kind":"permanent","message":"/bin/false ended with status 1.","retryable":false,"step":"run"}',1795884563263217,1795884563267229);
INSERT INTO blobs VALUES(1,'5674d4199b79d3751d478c06d759d80d48491f3ac5229631ab00942b068b0143',22,1795884562665489,X'74657874206f6620612c20736f6d6520776f7264730a');
INSERT INTO blobs VALUES(2,'2740b3385a9f51f6880c82e05b3d162b77df677340c3c9d4aa1a559b3b5be426',22,1795884578126980,X'74657874206f6620622c20736f6d6520776f7264730a');
INSERT INTO blobs VALUES(3,'4f02016ad77910bb5b23601362d05f7d2d7d112be1ef37d02fd16a3e9b6c999a',22,1795884562740440,X'74657874206f6620632c20736f6d6520776f7264730a');
INSERT INTO blobs VALUES(4,'867c6b580d1f36758f9f0f9aff94098efebec333e1fd6c23c8c63425b1385939',22,1795884562777308,X'74657874206f6620642c20736f6d6520776f7264730a');
INSERT INTO blobs VALUES(5,'ac541d5eaa0cc857d3c9c7e444b43f669f36ad9860af39ec24baa54b08e0354f',22,1795884578180280,X'74657874206f6620652c20736f6d6520776f7264730a');
INSERT INTO blobs VALUES(6,'0100fbeca1721c4b4053fc8480bf2d80f03efd0094db1c5a0b0034c5ede0c189',27,1795884563221529,X'0101001674657874206f6620612c20736f6d6520776f7264730a00');
INSERT INTO blobs VALUES(7,'8088e4b765318fb2eeb879e5762890741e1f370b7f57ec2608f1c2eb6415a64e',9,1795884563265124,X'010100010015000600');
INSERT INTO blobs VALUES(8,'0cc663895f787c09cb4c457f92560a4dfcd1e0fecfb9d6a965f6b12fbb6a6b02',27,1795884583243510,X'74657874206f6620612c20736f6d6520776f7264730a6d6f72650a');
INSERT INTO job_blobs VALUES(6,1);
INSERT INTO job_blobs VALUES(7,1);
INSERT INTO job_blobs VALUES(6,7);
INSERT INTO job_blobs VALUES(7,7);
INSERT INTO parses VALUES(1,'poppler-glib+text+markdown/1','{"characters":22,"pages":1,"parsed":"text/plain","parts":["0100fbeca1721c4b4053fc8480bf2d80f03efd0094db1c5a0b0034c5ede0c189"],"title":""}',1795884563221529);
INSERT INTO parse_blobs VALUES(6,1,'poppler-glib+text+markdown/1');
INSERT INTO idempotency_keys VALUES(1,'k1','docs|c.txt|4f02016ad77910bb5b23601362d05f7d2d7d112be1ef37d02fd16a3e9b6c999a','01M8HGZE9P2NCSQCAX0WC687KW','01M8HGZE9MYVXP31N5TJDCY9CP',1,1795884562740440,1798476562740440,NULL);
INSERT INTO idempotency_keys VALUES(1,'k2','docs|a.txt|0cc663895f787c09cb4c457f92560a4dfcd1e0fecfb9d6a965f6b12fbb6a6b02','01M8HH02ACDPW6YXD7BKYMM356','01M8HGZE796XTWS884SBGA3076',2,1795884583243510,1798476583243510,NULL);
INSERT INTO journal VALUES(1,1795884562648521,'configured','cli/uid-0',NULL,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(2,1795884562649516,'opened','cli/uid-0',NULL,NULL,1,'hash',NULL);
INSERT INTO journal VALUES(3,1795884562660861,'live','cli/uid-0',NULL,NULL,1,NULL,NULL);
INSERT INTO journal VALUES(4,1795884562665489,'queued','cli/uid-0',1,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(5,1795884562706476,'queued','cli/uid-0',2,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(6,1795884562740440,'queued','cli/uid-0',3,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(7,1795884562777308,'queued','cli/uid-0',4,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(8,1795884562815632,'queued','cli/uid-0',5,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(9,1795884562894090,'schedule-added','cli/uid-0',NULL,NULL,NULL,'nightly',NULL);
INSERT INTO journal VALUES(10,1795884562970189,'schedule-added','cli/uid-0',NULL,NULL,NULL,'hourly',NULL);
INSERT INTO journal VALUES(11,1795884563062067,'opened','cli/uid-0',NULL,NULL,2,'hash',NULL);
INSERT INTO journal VALUES(12,1795884563062067,'queued','cli/uid-0',6,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(13,1795884563139087,'claimed','worker/1',1,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(14,1795884563139087,'claimed','worker/1',2,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(15,1795884563139087,'claimed','worker/1',4,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(16,1795884563139087,'claimed','worker/1',6,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(17,1795884563139087,'claimed','worker/1',3,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(18,1795884563139087,'claimed','worker/1',5,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(19,1795884563212288,'waiting','worker/1',3,NULL,NULL,'ask',NULL);
INSERT INTO journal VALUES(20,1795884563212685,'waiting','worker/1',5,NULL,NULL,'nap',NULL);
INSERT INTO journal VALUES(21,1795884563212848,'checkpointed','worker/1',2,NULL,NULL,'first',NULL);
INSERT INTO journal VALUES(22,1795884563221529,'checkpointed','worker/1',1,NULL,NULL,'parse',NULL);
INSERT INTO journal VALUES(23,1795884563227495,'checkpointed','worker/1',1,NULL,NULL,'chunk',NULL);
INSERT INTO journal VALUES(24,1795884563236220,'checkpointed','worker/1',4,NULL,NULL,'list',NULL);
INSERT INTO journal VALUES(25,1795884563236273,'died','worker/1',2,NULL,NULL,'EXEC_FAILED',NULL);
INSERT INTO journal VALUES(26,1795884563239385,'checkpointed','worker/1',1,NULL,NULL,'embed',NULL);
INSERT INTO journal VALUES(27,1795884563239413,'queued','job/01M8HGZEKQ32XGM3CDD0DD04FJ',7,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(28,1795884563239413,'queued','job/01M8HGZEKQ32XGM3CDD0DD04FJ',8,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(29,1795884563239413,'queued','job/01M8HGZEKQ32XGM3CDD0DD04FJ',9,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(30,1795884563239413,'queued','job/01M8HGZEKQ32XGM3CDD0DD04FJ',10,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(31,1795884563239413,'queued','job/01M8HGZEKQ32XGM3CDD0DD04FJ',11,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(32,1795884563246387,'waiting','worker/1',6,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(33,1795884563247492,'claimed','worker/1',7,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(34,1795884563247492,'claimed','worker/1',8,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(35,1795884563247492,'claimed','worker/1',10,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(36,1795884563247492,'claimed','worker/1',9,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(37,1795884563247492,'claimed','worker/1',11,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(38,1795884563251619,'queued','job/01M8HGZEATG6QQ7GD84ZV9H87X',12,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(39,1795884563251619,'queued','job/01M8HGZEATG6QQ7GD84ZV9H87X',13,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(40,1795884563251619,'queued','job/01M8HGZEATG6QQ7GD84ZV9H87X',14,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(41,1795884563255670,'claimed','worker/1',12,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(42,1795884563255819,'checkpointed','worker/1',8,NULL,NULL,'first',NULL);
INSERT INTO journal VALUES(43,1795884563255844,'waiting','worker/1',9,NULL,NULL,'ask',NULL);
INSERT INTO journal VALUES(44,1795884563255900,'waiting','worker/1',11,NULL,NULL,'nap',NULL);
INSERT INTO journal VALUES(45,1795884563255968,'completed','worker/1',1,1,1,NULL,NULL);
INSERT INTO journal VALUES(46,1795884563259092,'checkpointed','worker/1',7,NULL,NULL,'parse',NULL);
INSERT INTO journal VALUES(47,1795884563264839,'checkpointed','worker/1',10,NULL,NULL,'list',NULL);
INSERT INTO journal VALUES(48,1795884563264890,'waiting','worker/1',4,NULL,NULL,'each',NULL);
INSERT INTO journal VALUES(49,1795884563265079,'waiting','worker/1',12,NULL,NULL,'wait',NULL);
INSERT INTO journal VALUES(50,1795884563265124,'checkpointed','worker/1',7,NULL,NULL,'chunk',NULL);
INSERT INTO journal VALUES(51,1795884563265154,'claimed','worker/1',13,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(52,1795884563271545,'died','worker/1',8,NULL,NULL,'EXEC_FAILED',NULL);
INSERT INTO journal VALUES(53,1795884563271786,'queued','job/01M8HGZES8HZCTCDXRHTT7CKTR',15,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(54,1795884563271786,'queued','job/01M8HGZES8HZCTCDXRHTT7CKTR',16,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(55,1795884563271786,'queued','job/01M8HGZES8HZCTCDXRHTT7CKTR',17,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(56,1795884563280915,'checkpointed','worker/1',7,NULL,NULL,'embed',NULL);
INSERT INTO journal VALUES(57,1795884563280965,'claimed','worker/1',15,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(58,1795884563280965,'claimed','worker/1',16,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(59,1795884563281348,'waiting','worker/1',13,NULL,NULL,'wait',NULL);
INSERT INTO journal VALUES(60,1795884563281396,'waiting','worker/1',10,NULL,NULL,'each',NULL);
INSERT INTO journal VALUES(61,1795884563283329,'waiting','worker/1',15,NULL,NULL,'wait',NULL);
INSERT INTO journal VALUES(62,1795884563283404,'waiting','worker/1',16,NULL,NULL,'wait',NULL);
INSERT INTO journal VALUES(63,1795884563287745,'completed','worker/1',7,1,2,NULL,NULL);
INSERT INTO journal VALUES(64,1795884578126980,'queued','cli/uid-0',18,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(65,1795884578126980,'queued','cli/uid-0',19,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(66,1795884578180280,'queued','cli/uid-0',20,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(67,1795884578180280,'queued','cli/uid-0',21,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(68,1795884578253156,'claimed','worker/2',20,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(69,1795884578253156,'claimed','worker/2',21,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(70,1795884583243510,'queued','cli/uid-0',22,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(71,1795884583243510,'queued','cli/uid-0',23,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(72,1795884583304209,'queued','cli/uid-0',24,NULL,NULL,NULL,NULL);
INSERT INTO journal VALUES(73,1795884583304209,'fired','cli/uid-0',24,NULL,NULL,'hourly 2026-11-28T16:49:43.304Z',NULL);
INSERT INTO flow VALUES(1,1795884562664791,0,'b9a6e18d-bc46-475f-8140-a83a594e678c',3823253611,NULL,'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',0);
INSERT INTO lanes VALUES(1,1,1,'ingest','',NULL,1,1795884583243510,0,NULL,NULL,NULL);
INSERT INTO lanes VALUES(2,1,1,'fail','',NULL,0,NULL,0,NULL,NULL,NULL);
INSERT INTO lanes VALUES(3,1,1,'ask','',NULL,0,NULL,0,NULL,NULL,NULL);
INSERT INTO lanes VALUES(4,2,1,'parent','',NULL,0,NULL,0,NULL,NULL,NULL);
INSERT INTO lanes VALUES(5,1,1,'nap','',NULL,0,NULL,0,NULL,NULL,NULL);
INSERT INTO lanes VALUES(6,3,2,'reindex','',NULL,0,NULL,0,NULL,NULL,NULL);
INSERT INTO lanes VALUES(7,1,2,'ingest','',NULL,1,1795885183243510,0,NULL,NULL,NULL);
INSERT INTO lanes VALUES(8,1,2,'fail','',NULL,0,NULL,0,NULL,NULL,NULL);
INSERT INTO lanes VALUES(9,1,2,'ask','',NULL,0,NULL,0,NULL,NULL,NULL);
INSERT INTO lanes VALUES(10,2,2,'parent','',NULL,0,NULL,0,NULL,NULL,NULL);
INSERT INTO lanes VALUES(11,1,2,'nap','',NULL,0,NULL,0,NULL,NULL,NULL);
INSERT INTO lanes VALUES(12,2,1,'leaf','',NULL,0,NULL,0,NULL,NULL,NULL);
INSERT INTO lanes VALUES(13,2,2,'leaf','',NULL,0,NULL,0,NULL,NULL,NULL);
INSERT INTO lanes VALUES(14,4,1,'ingest','',NULL,0,NULL,0,NULL,NULL,NULL);
INSERT INTO lanes VALUES(15,4,2,'ingest','',NULL,0,NULL,0,NULL,NULL,NULL);
INSERT INTO lanes VALUES(16,5,1,'slow','',NULL,0,NULL,0,NULL,NULL,NULL);
INSERT INTO lanes VALUES(17,5,2,'slow','',NULL,0,NULL,0,NULL,NULL,NULL);
INSERT INTO lanes VALUES(18,1,1,'leaf','',NULL,1,1795884583304209,0,NULL,NULL,NULL);
INSERT INTO jobs VALUES(1,'01M8HGZE7AC59B0GY18XNYDJ04',1,1,1,1,1,1,'5674d4199b79d3751d478c06d759d80d48491f3ac5229631ab00942b068b0143',1,'{"change":"content","content":"5674d4199b79d3751d478c06d759d80d48491f3ac5229631ab00942b068b0143","document":"01M8HGZE796XTWS884SBGA3076","generation":1,"index":"docs","meta":{},"revision":1,"size":22,"source":"default","uri":"a.txt"}','completed',NULL,0,1795884562665489,NULL,NULL,NULL,1,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,0,0,0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795884562665489,1795884563139087,1795884563255968);
INSERT INTO jobs VALUES(2,'01M8HGZE8KDZK0AEZMDTSRQH6G',2,2,1,1,2,1,'2740b3385a9f51f6880c82e05b3d162b77df677340c3c9d4aa1a559b3b5be426',2,'{"change":"content","content":"2740b3385a9f51f6880c82e05b3d162b77df677340c3c9d4aa1a559b3b5be426","document":"01M8HGZE8JKYNXBVFKJ8X6JQT5","generation":1,"index":"docs","meta":{},"revision":1,"size":22,"source":"default","uri":"b.txt"}','dead',NULL,0,1795884562706476,NULL,NULL,NULL,1,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,0,0,0,0,'{"attempt":1,"category":"failed","causes":[],"code":"EXEC_FAILED","hint":"`ingestd job logs` shows what it said.","kind":"permanent","message":"/bin/false ended with status 1.","retryable":false,"step":"run"}',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795884562706476,1795884563139087,1795884563236273);
INSERT INTO jobs VALUES(3,'01M8HGZE9P2NCSQCAX0WC687KW',3,3,1,1,3,1,'4f02016ad77910bb5b23601362d05f7d2d7d112be1ef37d02fd16a3e9b6c999a',3,'{"change":"content","content":"4f02016ad77910bb5b23601362d05f7d2d7d112be1ef37d02fd16a3e9b6c999a","document":"01M8HGZE9MYVXP31N5TJDCY9CP","generation":1,"index":"docs","meta":{},"revision":1,"size":22,"source":"default","uri":"c.txt"}','waiting',NULL,0,1795884562740440,NULL,NULL,NULL,1,NULL,NULL,0,NULL,NULL,'approval:ask',NULL,NULL,0,0,0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795884562740440,1795884563139087,NULL);
INSERT INTO jobs VALUES(4,'01M8HGZEATG6QQ7GD84ZV9H87X',4,4,2,1,4,1,'867c6b580d1f36758f9f0f9aff94098efebec333e1fd6c23c8c63425b1385939',4,'{"change":"content","content":"867c6b580d1f36758f9f0f9aff94098efebec333e1fd6c23c8c63425b1385939","document":"01M8HGZEASQECZBWDWM2GZJ1Z4","generation":1,"index":"docs","meta":{},"revision":1,"size":22,"source":"other","uri":"d.txt"}','waiting',NULL,0,1795884562777308,NULL,NULL,NULL,1,NULL,NULL,0,NULL,NULL,NULL,1,NULL,0,0,0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795884562777308,1795884563139087,NULL);
INSERT INTO jobs VALUES(5,'01M8HGZEC0E0VEVRP1X7BJT259',5,5,1,1,5,1,'ac541d5eaa0cc857d3c9c7e444b43f669f36ad9860af39ec24baa54b08e0354f',5,'{"change":"content","content":"ac541d5eaa0cc857d3c9c7e444b43f669f36ad9860af39ec24baa54b08e0354f","document":"01M8HGZEC0E0VEVRP1X3FWA2AK","generation":1,"index":"docs","meta":{},"revision":1,"size":22,"source":"default","uri":"e.txt"}','queued','scheduled',0,1795884562815632,1798476563212000,NULL,NULL,1,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,0,0,0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795884562815632,1795884563139087,NULL);
INSERT INTO jobs VALUES(6,'01M8HGZEKQ32XGM3CDD0DD04FJ',6,6,3,2,NULL,NULL,NULL,NULL,'{"generation":2,"index":"docs"}','waiting',NULL,0,1795884563062067,NULL,NULL,NULL,1,NULL,NULL,0,12,11,NULL,NULL,NULL,0,0,0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795884563062067,1795884563139087,NULL);
INSERT INTO jobs VALUES(7,'01M8HGZES706BQXM8PWGHX2Q5X',1,7,1,2,1,1,'5674d4199b79d3751d478c06d759d80d48491f3ac5229631ab00942b068b0143',1,'{"change":"content","content":"5674d4199b79d3751d478c06d759d80d48491f3ac5229631ab00942b068b0143","document":"01M8HGZE796XTWS884SBGA3076","generation":2,"index":"docs","meta":{},"revision":1,"size":22,"source":"default","uri":"a.txt"}','completed',NULL,-10,1795885163239413,NULL,NULL,NULL,1,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,0,0,0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795884563239413,1795884563247492,1795884563287745);
INSERT INTO jobs VALUES(8,'01M8HGZES8HZCTCDXRHMADCYWS',2,8,1,2,2,1,'2740b3385a9f51f6880c82e05b3d162b77df677340c3c9d4aa1a559b3b5be426',2,'{"change":"content","content":"2740b3385a9f51f6880c82e05b3d162b77df677340c3c9d4aa1a559b3b5be426","document":"01M8HGZE8JKYNXBVFKJ8X6JQT5","generation":2,"index":"docs","meta":{},"revision":1,"size":22,"source":"default","uri":"b.txt"}','dead',NULL,-10,1795885163239413,NULL,NULL,NULL,1,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,0,0,0,0,'{"attempt":1,"category":"failed","causes":[],"code":"EXEC_FAILED","hint":"`ingestd job logs` shows what it said.","kind":"permanent","message":"/bin/false ended with status 1.","retryable":false,"step":"run"}',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795884563239413,1795884563247492,1795884563271545);
INSERT INTO jobs VALUES(9,'01M8HGZES8HZCTCDXRHQ9YFXJM',3,9,1,2,3,1,'4f02016ad77910bb5b23601362d05f7d2d7d112be1ef37d02fd16a3e9b6c999a',3,'{"change":"content","content":"4f02016ad77910bb5b23601362d05f7d2d7d112be1ef37d02fd16a3e9b6c999a","document":"01M8HGZE9MYVXP31N5TJDCY9CP","generation":2,"index":"docs","meta":{},"revision":1,"size":22,"source":"default","uri":"c.txt"}','waiting',NULL,-10,1795885163239413,NULL,NULL,NULL,1,NULL,NULL,0,NULL,NULL,'approval:ask',NULL,NULL,0,0,0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795884563239413,1795884563247492,NULL);
INSERT INTO jobs VALUES(10,'01M8HGZES8HZCTCDXRHTT7CKTR',4,10,2,2,4,1,'867c6b580d1f36758f9f0f9aff94098efebec333e1fd6c23c8c63425b1385939',4,'{"change":"content","content":"867c6b580d1f36758f9f0f9aff94098efebec333e1fd6c23c8c63425b1385939","document":"01M8HGZEASQECZBWDWM2GZJ1Z4","generation":2,"index":"docs","meta":{},"revision":1,"size":22,"source":"other","uri":"d.txt"}','waiting',NULL,-10,1795885163239413,NULL,NULL,NULL,1,NULL,NULL,0,NULL,NULL,NULL,1,NULL,0,0,0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795884563239413,1795884563247492,NULL);
INSERT INTO jobs VALUES(11,'01M8HGZES8HZCTCDXRHXG7X126',5,11,1,2,5,1,'ac541d5eaa0cc857d3c9c7e444b43f669f36ad9860af39ec24baa54b08e0354f',5,'{"change":"content","content":"ac541d5eaa0cc857d3c9c7e444b43f669f36ad9860af39ec24baa54b08e0354f","document":"01M8HGZEC0E0VEVRP1X3FWA2AK","generation":2,"index":"docs","meta":{},"revision":1,"size":22,"source":"default","uri":"e.txt"}','queued','scheduled',-10,1795885163239413,1798476563252000,NULL,NULL,1,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,0,0,0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795884563239413,1795884563247492,NULL);
INSERT INTO jobs VALUES(12,'01M8HGZESMDGF0GBKDHAVSD6WG',7,12,2,1,NULL,NULL,NULL,NULL,'1','waiting',NULL,0,1795884563251619,NULL,NULL,NULL,1,NULL,NULL,0,NULL,NULL,'go',NULL,NULL,0,0,0,0,NULL,NULL,4,1,0,NULL,NULL,NULL,NULL,1795884563251619,1795884563255670,NULL);
INSERT INTO jobs VALUES(13,'01M8HGZESQGTT0QYW45FDD4N8C',7,12,2,1,NULL,NULL,NULL,NULL,'2','waiting',NULL,0,1795884563251619,NULL,NULL,NULL,1,NULL,NULL,0,NULL,NULL,'go',NULL,NULL,0,0,0,0,NULL,NULL,4,1,1,NULL,NULL,NULL,NULL,1795884563251619,1795884563265154,NULL);
INSERT INTO jobs VALUES(14,'01M8HGZESQGTT0QYW45HHK33Y2',7,12,2,1,NULL,NULL,NULL,NULL,'3','queued','after-previous',0,1795884563251619,NULL,NULL,NULL,0,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,0,0,0,0,NULL,NULL,4,1,2,NULL,NULL,NULL,NULL,1795884563251619,NULL,NULL);
INSERT INTO jobs VALUES(15,'01M8HGZET7978TPQG34MVZA5CY',7,13,2,2,NULL,NULL,NULL,NULL,'1','waiting',NULL,-10,1795885163271786,NULL,NULL,NULL,1,NULL,NULL,0,NULL,NULL,'go',NULL,NULL,0,0,0,0,NULL,NULL,10,1,0,NULL,NULL,NULL,NULL,1795884563271786,1795884563280965,NULL);
INSERT INTO jobs VALUES(16,'01M8HGZET7978TPQG34R2J8NDH',7,13,2,2,NULL,NULL,NULL,NULL,'2','waiting',NULL,-10,1795885163271786,NULL,NULL,NULL,1,NULL,NULL,0,NULL,NULL,'go',NULL,NULL,0,0,0,0,NULL,NULL,10,1,1,NULL,NULL,NULL,NULL,1795884563271786,1795884563280965,NULL);
INSERT INTO jobs VALUES(17,'01M8HGZET8SQJGYRVG7CRD5CK4',7,13,2,2,NULL,NULL,NULL,NULL,'3','queued','after-previous',-10,1795885163271786,NULL,NULL,NULL,0,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,0,0,0,0,NULL,NULL,10,1,2,NULL,NULL,NULL,NULL,1795884563271786,NULL,NULL);
INSERT INTO jobs VALUES(18,'01M8HGZXAF32P5KRQ07K649QM6',1,14,4,1,6,1,'2740b3385a9f51f6880c82e05b3d162b77df677340c3c9d4aa1a559b3b5be426',2,'{"change":"content","content":"2740b3385a9f51f6880c82e05b3d162b77df677340c3c9d4aa1a559b3b5be426","document":"01M8HGZXAF32P5KRQ07GYTC9V2","generation":1,"index":"docs","meta":{},"revision":1,"size":22,"source":"later","uri":"b.txt"}','queued','scheduled',0,1795884578126980,1798476578112701,1798476578112701,NULL,0,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,0,0,0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795884578126980,NULL,NULL);
INSERT INTO jobs VALUES(19,'01M8HGZXAG7FECAWZZ61B5ZGVG',1,15,4,2,6,1,'2740b3385a9f51f6880c82e05b3d162b77df677340c3c9d4aa1a559b3b5be426',2,'{"change":"content","content":"2740b3385a9f51f6880c82e05b3d162b77df677340c3c9d4aa1a559b3b5be426","document":"01M8HGZXAF32P5KRQ07GYTC9V2","generation":2,"index":"docs","meta":{},"revision":1,"size":22,"source":"later","uri":"b.txt"}','queued','scheduled',-10,1795885178126980,1798476578112701,1798476578112701,NULL,0,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,0,0,0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795884578126980,NULL,NULL);
INSERT INTO jobs VALUES(20,'01M8HGZXC5CGY1NEQ82KXYBHEJ',8,16,5,1,7,1,'ac541d5eaa0cc857d3c9c7e444b43f669f36ad9860af39ec24baa54b08e0354f',5,'{"change":"content","content":"ac541d5eaa0cc857d3c9c7e444b43f669f36ad9860af39ec24baa54b08e0354f","document":"01M8HGZXC47Y44M1JDS3611NTN","generation":1,"index":"docs","meta":{},"revision":1,"size":22,"source":"slow","uri":"e.txt"}','running',NULL,0,1795884578180280,NULL,NULL,NULL,1,2,3868841976,0,NULL,NULL,NULL,NULL,NULL,0,0,0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795884578180280,1795884578253156,NULL);
INSERT INTO jobs VALUES(21,'01M8HGZXC5CGY1NEQ82PGS0VM4',8,17,5,2,7,1,'ac541d5eaa0cc857d3c9c7e444b43f669f36ad9860af39ec24baa54b08e0354f',5,'{"change":"content","content":"ac541d5eaa0cc857d3c9c7e444b43f669f36ad9860af39ec24baa54b08e0354f","document":"01M8HGZXC47Y44M1JDS3611NTN","generation":2,"index":"docs","meta":{},"revision":1,"size":22,"source":"slow","uri":"e.txt"}','running',NULL,-10,1795885178180280,NULL,NULL,NULL,1,2,3868841976,0,NULL,NULL,NULL,NULL,NULL,0,0,0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795884578180280,1795884578253156,NULL);
INSERT INTO jobs VALUES(22,'01M8HH02ACDPW6YXD7BKYMM356',1,1,1,1,1,2,'0cc663895f787c09cb4c457f92560a4dfcd1e0fecfb9d6a965f6b12fbb6a6b02',8,'{"change":"content","content":"0cc663895f787c09cb4c457f92560a4dfcd1e0fecfb9d6a965f6b12fbb6a6b02","document":"01M8HGZE796XTWS884SBGA3076","generation":1,"index":"docs","meta":{},"revision":2,"size":27,"source":"default","uri":"a.txt"}','queued','ready',0,1795884583243510,NULL,NULL,NULL,0,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,0,0,0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795884583243510,NULL,NULL);
INSERT INTO jobs VALUES(23,'01M8HH02ACDPW6YXD7BM1TH4H1',1,7,1,2,1,2,'0cc663895f787c09cb4c457f92560a4dfcd1e0fecfb9d6a965f6b12fbb6a6b02',8,'{"change":"content","content":"0cc663895f787c09cb4c457f92560a4dfcd1e0fecfb9d6a965f6b12fbb6a6b02","document":"01M8HGZE796XTWS884SBGA3076","generation":2,"index":"docs","meta":{},"revision":2,"size":27,"source":"default","uri":"a.txt"}','queued','ready',-10,1795885183243510,NULL,NULL,NULL,0,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,0,0,0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1795884583243510,NULL,NULL);
INSERT INTO jobs VALUES(24,'01M8HH02C8339715W4HD4BZ3FW',7,18,1,1,NULL,NULL,NULL,NULL,'{}','queued','ready',0,1795884583304209,NULL,NULL,NULL,0,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,0,0,0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,2,1795884583304209,NULL,NULL);
INSERT INTO families VALUES(4,1,2,3,1,0,0,0,0);
INSERT INTO families VALUES(10,1,2,3,1,0,0,0,0);
INSERT INTO schedules VALUES(1,'nightly','{"catchUp":[195,2884905626637434880],"jitter":[0,0],"overlap":"skip","run":{"index":"docs","priority":0,"source":"default","task":"{\"n\":1}","workflow":"leaf"},"timing":"30 2 * * *","zone":"UTC"}','live',0,1795884562894090,1795919400000000,NULL,2,0,0,NULL,NULL,NULL,NULL,'cli/uid-0',1795884562894090,1795884562894090);
INSERT INTO schedules VALUES(2,'hourly','{"catchUp":[195,2884905626637434880],"jitter":[0,0],"overlap":"skip","run":{"index":"docs","priority":0,"source":"default","task":"{}","workflow":"leaf"},"timing":"every 1h","zone":"UTC"}','live',0,1795884562970189,1795888162970189,NULL,3,1,0,NULL,1795884583304209,'01M8HH02C8339715W4HD4BZ3FW',NULL,'cli/uid-0',1795884562970189,1795884562970189);
INSERT INTO unsettled_writes VALUES(1,1,2,1,1795884563236273,1795884624165732);
INSERT INTO unsettled_writes VALUES(2,2,2,1,1795884563271545,1795884624189930);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('jobs',24);
INSERT INTO sqlite_sequence VALUES('schedules',2);
INSERT INTO sqlite_sequence VALUES('workers',2);
INSERT INTO sqlite_sequence VALUES('unsettled_writes',2);
CREATE UNIQUE INDEX generations_live ON generations (index_key) WHERE state = 'live';
CREATE INDEX documents_blob ON documents (blob_key) WHERE blob_key IS NOT NULL;
CREATE INDEX attempts_job ON attempts (job_key);
CREATE INDEX job_blobs_job ON job_blobs (job_key);
CREATE INDEX parse_blobs_parse ON parse_blobs (content_key, parser);
CREATE INDEX journal_generation ON journal (generation_key) WHERE generation_key IS NOT NULL AND job_key IS NULL;
CREATE INDEX gates_changed ON gates (changed_at) WHERE kind IN ('throttle', 'rate-limit', 'concurrency');
CREATE INDEX gates_dependencies ON gates (name) WHERE kind = 'dependency';
CREATE INDEX sources_ready ON sources (virtual_time, key) WHERE ready > 0 AND closed = 0 AND paused = 0;
CREATE INDEX sources_closed ON sources (closed_until) WHERE closed = 1;
CREATE INDEX lanes_ready ON lanes (source_key, head, key) WHERE ready > 0 AND closed = 0;
CREATE INDEX lanes_closed ON lanes (closed_until) WHERE closed = 1;
CREATE INDEX lanes_closed_by ON lanes (closed_by) WHERE closed = 1;
CREATE INDEX lanes_closed_version ON lanes (closed_version) WHERE closed = 1;
CREATE INDEX lanes_base ON lanes (base_key) WHERE base_key IS NOT NULL;
CREATE INDEX jobs_ready ON jobs (lane_key, rank, key) WHERE state = 'queued' AND reason = 'ready' AND alone = 0;
CREATE INDEX jobs_alone ON jobs (rank, key) WHERE state = 'queued' AND reason = 'ready' AND alone = 1;
CREATE INDEX jobs_due ON jobs (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX jobs_deadline ON jobs (deadline_at) WHERE deadline_at IS NOT NULL AND finished_at IS NULL;
CREATE INDEX jobs_lease ON jobs (lease_until) WHERE state = 'running';
CREATE INDEX jobs_worker ON jobs (worker_key) WHERE worker_key IS NOT NULL;
CREATE INDEX jobs_open ON jobs (generation_key, document_key, revision) WHERE finished_at IS NULL;
CREATE INDEX jobs_gathering ON jobs (generation_key) WHERE waits_below IS NOT NULL;
CREATE INDEX jobs_dead ON jobs (key) WHERE state = 'dead';
CREATE INDEX jobs_stuck ON jobs (key) WHERE state = 'queued' AND reason IN ('exhausted', 'paused');
CREATE INDEX jobs_waiting ON jobs (key) WHERE state = 'waiting';
CREATE INDEX jobs_failed ON jobs (key) WHERE error IS NOT NULL AND state <> 'dead';
CREATE INDEX jobs_reason ON jobs (reason) WHERE state = 'queued' AND reason <> 'ready';
CREATE INDEX jobs_document ON jobs (document_key, key) WHERE document_key IS NOT NULL;
CREATE INDEX jobs_blob ON jobs (blob_key) WHERE blob_key IS NOT NULL AND (finished_at IS NULL OR state = 'dead');
CREATE UNIQUE INDEX jobs_children ON jobs (parent_key, parent_step, child) WHERE parent_key IS NOT NULL;
CREATE INDEX jobs_children_open ON jobs (parent_key, parent_step, child)
  WHERE parent_key IS NOT NULL AND finished_at IS NULL;
CREATE INDEX jobs_children_dead ON jobs (parent_key, parent_step, child)
  WHERE parent_key IS NOT NULL AND state = 'dead';
CREATE UNIQUE INDEX jobs_singleton ON jobs (singleton) WHERE singleton IS NOT NULL AND finished_at IS NULL
  AND cancel_requested = 0;
CREATE INDEX jobs_schedule ON jobs (schedule_key) WHERE schedule_key IS NOT NULL AND finished_at IS NULL;
CREATE INDEX jobs_replays ON jobs (replay_of) WHERE replay_of IS NOT NULL;
CREATE INDEX jobs_lane ON jobs (lane_key);
CREATE INDEX jobs_finished ON jobs (state, finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX families_closing ON families (parent_key) WHERE closing = 1;
CREATE INDEX signals_job ON signals (job_key, name, key) WHERE taken_at IS NULL;
CREATE INDEX signals_sent ON signals (job_key);
CREATE INDEX logs_job ON logs (job_key);
CREATE INDEX schedules_next ON schedules (next_at) WHERE next_at IS NOT NULL AND paused = 0;
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX idempotency_keys_job ON idempotency_keys (job) WHERE job IS NOT NULL;
CREATE INDEX journal_gate ON journal (gate_key) WHERE gate_key IS NOT NULL;
CREATE INDEX journal_job ON journal (job_key)
  -- Not `NOT IN`: SQLite would make a table of the list for each line that is written.
  WHERE job_key IS NOT NULL AND kind <> 'queued' AND kind <> 'claimed' AND kind <> 'checkpointed'
    AND kind <> 'completed'
;
CREATE INDEX unsettled_writes_look ON unsettled_writes (look_at);
