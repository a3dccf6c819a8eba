# documents.story explains the format.
write data/ingestd.yaml
  default-embedder: test
  embedders:
    test:
      model: m
      dimensions: 8
      base-url: {server}
  breaker:
    consecutive-failures: 2
    first-wait: 1h
    longest-wait: 1h
    successes-to-close: 1
write data/workflows/quick.yaml
  name: quick
  steps:
    - id: parse
      uses: parse
    - id: chunk
      uses: chunk
    - id: embed
      uses: embed
      retry: {attempts: 2, first: 1ms, jitter: none}
    - id: upsert
      uses: upsert
write data/workflows/patient.yaml
  name: patient
  steps:
    - id: try
      uses: exec
      retry: {attempts: 3, first: 1h, max: 1h, jitter: none}
      with: {command: [sh, -c, "exit 75"]}
write data/workflows/fails.yaml
  name: fails
  steps:
    - id: first
      uses: noop
    - id: bad
      uses: exec
      with: {command: [echo, garbage]}
write files/a.md
  # Alpha

  The first document is about anchors.
write files/b.md
  # Beta

  The second document is about boats.
write files/c.md
  # Gamma

  The third document is about cranes.

== A provider that fails
server 503
> submit files/a.md --root files --workflow quick --source s --meta team=red
let A = 0.job
> worker --drain --concurrency 1
> job show {A}
> job logs {A}
> job list --state dead
> job list --code EMBEDDER_FAILED
> dead list
> dead show {A}
> dead show {A:22}
> dead list --step embed --workflow quick --meta team=red
> dead list --step parse
> dead list --code NONE
> dead list --kind chunk
> dead list --quarantined
> dead list --source none --since 1h
> dead list --until 2099-01-01T00:00:00Z --limit 1
> document show a.md
$ job show {A}
$ job logs {A}
$ dead list
$ dead show {A}

== Its breaker
> breaker list
let BREAKER = 0.breaker
> breaker history
> breaker history {BREAKER} --limit 1
> breaker history none
> search anchors
> status
> source show s
$ breaker list
$ breaker history
$ search anchors
> submit files/b.md --root files --workflow quick --source s
let B = 0.job
work {B} until breaker-open
> job show {B}
> job list --reason breaker-open
> job retry {B} --dry-run
> job retry {B}
$ job show {B}
> breaker open none
> breaker open {BREAKER} --for 0s
> breaker open {BREAKER} --for 10m
> breaker open {BREAKER}
> breaker list
> breaker reset none
> breaker reset
> breaker reset {BREAKER} --all
server good
> breaker reset {BREAKER}
> breaker list
> breaker reset --all
> worker --drain --concurrency 1
> job show {B}
> breaker history
$ breaker open {BREAKER} --for 1h
$ breaker reset --all

== Redrive
> job retry {A}
> job cancel {A}
> dead redrive
> dead redrive {A} --dry-run
> dead redrive 01ARZ3NDEKTSV4RRFFQ69G5FAV
> dead redrive {A}
> dead redrive {A}
> job show {A}
> worker --drain --concurrency 1
> job show {A}
> dead list
> search anchors -k 1

== Replay
> job replay {A} --dry-run
> job replay {A} --from none
> job replay {A} --from embed
let REPLAY = 0.job
> job show {REPLAY}
> worker --drain --concurrency 1
> job show {REPLAY}
> job replay --all --source s --dry-run
> job replay {A} --latest
> job cancel --all
> job replay 01ARZ3NDEKTSV4RRFFQ69G5FAV
$ job replay {A} --from chunk
> worker --drain --concurrency 1

== Retry and cancel
> submit files/c.md --root files --workflow patient --source p
let C = 0.job
work {C} until retrying
> job show {C}
> job list --reason retrying
> job list --state queued --source p
> job list --workflow patient --index docs --limit 1
> job list --state running
> job list --meta team=red --since 1h
> job list --until 1h
> job list --state none
> job retry --all --dry-run
> job retry {C}
> job show {C}
> job retry
> job retry 01ARZ3NDEKTSV4RRFFQ69G5FAV
> job cancel {C} --dry-run
> job cancel {C}
> job cancel {C}
> job wait {C}
> job show {C}
> job logs {C}
$ job list
$ job cancel {C}
$ job show {C}

== A step that fails for good
> submit files --root files --workflow fails --source f
let F1 = 0.job
let F2 = 1.job
> worker --drain --concurrency 1
> dead list --source f
> dead show {F1}
> dead export --source f
> dead export {F1} --output dead.jsonl
> dead export {F1} --output none/dead.jsonl
> dead export
> dead purge
> dead purge {F1} --dry-run
> dead purge {F1}
> dead purge {F1}
> dead redrive --source f --code EXEC_OUTPUT_INVALID --throttle 100/m --from-start --dry-run
> dead redrive {F2} --from-start
> worker --drain --concurrency 1
> job show {F2}
> dead show {F2}
> job wait {F2}
> dead purge --source f --dry-run
$ dead purge --source f
> dead list
> status
$ status

== A document that was refused
write files/bad.pdf
  %PDF-1.4 this is no PDF
> submit files/bad.pdf --root files --source pdf --wait
> submit files/bad.pdf --root files --source pdf
> worker --drain --concurrency 1
> dead list --source pdf
> dead redrive --all
> worker --drain --concurrency 1

== Quarantine
> dead quarantine
> dead lift 9f86d081884c
> dead lift 9f
write data/workflows/kills.yaml
  name: kills
  steps:
    - id: shot
      uses: exec
      with: {command: [sh, -c, "kill -9 $PPID"]}
write files/deadly.md
  # Deadly

  Whoever reads this dies.
> submit files/deadly.md --root files --workflow kills --source k
let K = 0.job
$ worker --drain --concurrency 1
$ worker --drain --concurrency 1
> job show {K}
> dead quarantine
$ worker --drain --concurrency 1
$ worker --drain --concurrency 1
> job show {K}
> dead list --quarantined
> dead quarantine
let CONTENT = 0.content
$ dead quarantine
> dead lift {CONTENT:12}
> dead quarantine
