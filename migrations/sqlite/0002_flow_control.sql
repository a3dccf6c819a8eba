-- Limits, breakers, waits, schedules, replays and pruning. `jobs` and `lanes` are made anew: SQLite cannot change a CHECK.
-- Times are microseconds since 1970 by the wall clock; those that gate a start (`closed_until`, the states of gates) are
-- microseconds since boot and belong to the boot whose id stands beside them.

-- What holds for the whole queue, in one row. `version` grows with every change of limits, pauses and weights, so that
-- whatever was closed under an older one is looked at again.
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
INSERT INTO flow (one) VALUES (1);

-- The limits in force: from the configuration, or set live, which wins. A live one without `spec` lifts the configured one.
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

-- Pauses of a workflow; a source's and everybody's are columns.
CREATE TABLE paused_workflows (
  workflow TEXT PRIMARY KEY,
  actor TEXT NOT NULL,
  paused_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One account each: the bucket of one value of a throttle's key, the slots of one value of a concurrency limit's, the
-- breaker and buckets of one dependency. `state` is the policy's own JSON.
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
CREATE INDEX gates_changed ON gates (changed_at) WHERE kind IN ('throttle', 'rate-limit', 'concurrency');
CREATE INDEX gates_dependencies ON gates (name) WHERE kind = 'dependency';

-- Who holds a slot: a running job, or the one step that it runs.
CREATE TABLE slots (
  job_key INTEGER NOT NULL,
  gate_key INTEGER NOT NULL REFERENCES gates,
  step INTEGER NOT NULL CHECK (step IN (0, 1)),
  PRIMARY KEY (job_key, gate_key)
) STRICT, WITHOUT ROWID;

ALTER TABLE sources ADD COLUMN paused INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1));
ALTER TABLE sources ADD COLUMN weight_origin TEXT NOT NULL DEFAULT 'default'
  CHECK (weight_origin IN ('default', 'configuration', 'live'));
-- What the configuration said when it was last taken over; NULL where it says nothing.
ALTER TABLE sources ADD COLUMN configured_weight REAL;
ALTER TABLE sources ADD COLUMN configured_paused INTEGER CHECK (configured_paused IN (0, 1));
-- Closed by a gate that all its jobs share, until then or until that gate says so.
ALTER TABLE sources ADD COLUMN closed INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1));
ALTER TABLE sources ADD COLUMN closed_until INTEGER;
ALTER TABLE sources ADD COLUMN closed_by INTEGER;
ALTER TABLE sources ADD COLUMN closed_version INTEGER;
DROP INDEX sources_ready;
CREATE INDEX sources_ready ON sources (virtual_time, key) WHERE ready > 0 AND closed = 0 AND paused = 0;
CREATE INDEX sources_closed ON sources (closed_until) WHERE closed = 1;

-- The queue of jobs that share what gates their start: source, generation, workflow, and the gates that are a job's own.
-- `ready` counts its claimable jobs, `head` is the rank of the first; a closed lane costs this row and no look at its jobs.
CREATE TABLE lanes_new (
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
INSERT INTO lanes_new (key, source_key, generation_key, ready, head)
  SELECT key, source_key, generation_key, ready,
    (SELECT min(rank) FROM jobs WHERE lane_key = lanes.key AND state = 'queued' AND reason = 'ready' AND alone = 0)
  FROM lanes;
DROP TABLE lanes;
ALTER TABLE lanes_new RENAME TO lanes;
CREATE INDEX lanes_ready ON lanes (source_key, head, key) WHERE ready > 0 AND closed = 0;
CREATE INDEX lanes_closed ON lanes (closed_until) WHERE closed = 1;
CREATE INDEX lanes_closed_by ON lanes (closed_by) WHERE closed = 1;
CREATE INDEX lanes_closed_version ON lanes (closed_version) WHERE closed = 1;
CREATE INDEX lanes_idle ON lanes (key) WHERE ready = 0 AND gates <> '';
CREATE INDEX lanes_base ON lanes (base_key) WHERE base_key IS NOT NULL;

CREATE TABLE jobs_new (
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
INSERT INTO jobs_new (key, id, workflow_key, lane_key, source_key, generation_key, document_key, revision, content,
    blob_key, task, state, reason, priority, rank, due_at, not_before, deadline_at, fence, worker_key, lease_until,
    cancel_requested, waits_below, waits_for, deaths, alone, degraded, error, created_at, started_at, finished_at)
  SELECT key, id, workflow_key, lane_key, source_key, generation_key, document_key, revision, content, blob_key, task,
    state, reason, priority, rank, due_at, not_before, deadline_at, fence, worker_key, lease_until, cancel_requested,
    waits_below, waits_for, deaths, alone, degraded, error, created_at, started_at, finished_at
  FROM jobs;
UPDATE sqlite_sequence SET seq = (SELECT seq FROM sqlite_sequence WHERE name = 'jobs')
  WHERE name = 'jobs_new' AND EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'jobs');
DROP TABLE jobs;
ALTER TABLE jobs_new RENAME TO jobs;
-- What can start now, and nothing else: the cost of a claim does not grow with what waits.
CREATE INDEX jobs_ready ON jobs (lane_key, rank, key) WHERE state = 'queued' AND reason = 'ready' AND alone = 0;
CREATE INDEX jobs_alone ON jobs (rank, key) WHERE state = 'queued' AND reason = 'ready' AND alone = 1;
CREATE INDEX jobs_due ON jobs (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX jobs_deadline ON jobs (deadline_at) WHERE deadline_at IS NOT NULL AND finished_at IS NULL;
CREATE INDEX jobs_lease ON jobs (lease_until) WHERE state = 'running';
CREATE INDEX jobs_worker ON jobs (worker_key) WHERE worker_key IS NOT NULL;
-- The open jobs of a document, in revision order; a generation's own job and children come first (document_key NULL).
CREATE INDEX jobs_open ON jobs (generation_key, document_key, revision) WHERE finished_at IS NULL;
-- What waits for the others of its generation: not to be looked for among the children.
CREATE INDEX jobs_gathering ON jobs (generation_key) WHERE waits_below IS NOT NULL;
CREATE INDEX jobs_dead ON jobs (key) WHERE state = 'dead';
-- What needs a person; never many.
CREATE INDEX jobs_stuck ON jobs (key) WHERE state = 'queued' AND reason IN ('exhausted', 'paused');
CREATE INDEX jobs_waiting ON jobs (key) WHERE state = 'waiting';
-- What people look for, newest first: those that wait for something, and what has an error and is not dead.
CREATE INDEX jobs_failed ON jobs (key) WHERE error IS NOT NULL AND state <> 'dead';
CREATE INDEX jobs_reason ON jobs (reason) WHERE state = 'queued' AND reason <> 'ready';
CREATE INDEX jobs_document ON jobs (document_key, key) WHERE document_key IS NOT NULL;
-- The bytes that a job still needs.
CREATE INDEX jobs_blob ON jobs (blob_key) WHERE blob_key IS NOT NULL AND (finished_at IS NULL OR state = 'dead');
-- None of a step's children is made twice.
CREATE UNIQUE INDEX jobs_children ON jobs (parent_key, parent_step, child) WHERE parent_key IS NOT NULL;
CREATE INDEX jobs_children_open ON jobs (parent_key, parent_step, child)
  WHERE parent_key IS NOT NULL AND finished_at IS NULL;
CREATE INDEX jobs_children_dead ON jobs (parent_key, parent_step, child)
  WHERE parent_key IS NOT NULL AND state = 'dead';
CREATE UNIQUE INDEX jobs_singleton ON jobs (singleton) WHERE singleton IS NOT NULL AND finished_at IS NULL
  AND cancel_requested = 0;
CREATE INDEX jobs_schedule ON jobs (schedule_key) WHERE schedule_key IS NOT NULL AND finished_at IS NULL;
CREATE INDEX jobs_replays ON jobs (replay_of) WHERE replay_of IS NOT NULL;
-- Of which lanes there are jobs: what retention must know before it removes one, and how the jobs of a source, an index or a
-- workflow are found.
CREATE INDEX jobs_lane ON jobs (lane_key);
-- What retention looks at, oldest first.
CREATE INDEX jobs_finished ON jobs (state, finished_at) WHERE finished_at IS NOT NULL;

-- The children that one step of a job has made, counted, so that the end of one costs the same among any number.
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
CREATE INDEX families_closing ON families (parent_key) WHERE closing = 1;

-- Signals that were sent to a job: also those that came before it waited for them.
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
CREATE INDEX signals_job ON signals (job_key, name, key) WHERE taken_at IS NULL;
CREATE INDEX signals_sent ON signals (job_key);

-- Of the chunks, so many have no vector: they became dead letters, and the same content is worth another try.
ALTER TABLE holdings ADD COLUMN lost INTEGER NOT NULL DEFAULT 0 CHECK (lost >= 0);

-- What steps wrote for people: lines, those of one save in one row; bounded for each try of a step.
CREATE TABLE logs (
  key INTEGER PRIMARY KEY,
  job_key INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
  step TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  at INTEGER NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX logs_job ON logs (job_key);

-- Chunks that were lost on the way though their document was not.
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

-- When work is submitted by itself. `last_at` is the last tick that was handled; whoever moves it fires what lies between.
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
CREATE INDEX schedules_next ON schedules (next_at) WHERE next_at IS NOT NULL AND paused = 0;

ALTER TABLE idempotency_keys ADD COLUMN expires_at INTEGER;
-- What the job ended as, once retention has removed it.
ALTER TABLE idempotency_keys ADD COLUMN state TEXT;
UPDATE idempotency_keys SET expires_at = created_at + 30 * 86400000000;
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX idempotency_keys_job ON idempotency_keys (job) WHERE job IS NOT NULL;

-- A breaker's or a limit's line; and the lines of a job that are not told by the job and its steps themselves. An index
-- of every line by job would cost each transition what this one costs the few.
ALTER TABLE journal ADD COLUMN gate_key INTEGER;
CREATE INDEX journal_gate ON journal (gate_key) WHERE gate_key IS NOT NULL;
CREATE INDEX journal_job ON journal (job_key)
  -- Not `NOT IN`: SQLite would make a table of the list for each line that is written.
  WHERE job_key IS NOT NULL AND kind <> 'queued' AND kind <> 'claimed' AND kind <> 'checkpointed'
    AND kind <> 'completed';
