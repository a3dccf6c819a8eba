# documents.story explains the format.
== Before there is a data folder's database
> doctor
> migrate --dry-run
> migrate
> config
> workflow list
> workflow show ingest
> workflow show reindex
> workflow show delete
> workflow show scan
> workflow show none
> workflow graph ingest
> workflow graph ingest --format dot
> workflow graph reindex --format mermaid
> workflow graph none
> workflow graph ingest --format png
> workflow validate
$ config
$ migrate --dry-run
$ migrate
$ workflow list
$ workflow show ingest
$ workflow graph reindex
$ workflow graph ingest --format dot
$ workflow validate
$ doctor

== Parse
write files/a.md
  # Alpha

  The first document is about anchors.

  ## Beta

  | a | b |
  |---|---|
  | 1 | 2 |
write files/bad.pdf
  %PDF-1.4 this is no PDF
> parse files/a.md
> parse files/a.md --chunks
input Words from standard input.
> parse -
> parse files/bad.pdf
> parse files/none.md
> parse
> parse files/a.md --password-file none
$ parse files/a.md
$ parse files/a.md --chunks
$ parse files/bad.pdf

== Mistakes of a command line
> 
> none
> jbo list
> job
> job lst
> job show
> job show a b
> job show x
> job list --limit many
> job list --limit 0
> job list --none
> job list --since soon
> submit --wait=yes files/a.md
> worker --concurrency 0
> index swap
> index swap docs --to first
> status more
> completion csh
> chaos --plant none
> chaos --workflow none
> doctor --config none.yaml
$ jbo list
$ job lst
$ job list --limit many
$ job show
$ status more
$ index show none
$ --version

== Mistakes of the environment
env INGESTD_WORKER_CONCURENCY=4
> status
env INGESTD_WORKER_CONCURRENCY=many
> config
env INGESTD_WORKER_CONCURRENCY=4
> config
env INGESTD_LIMITS=[{throttle: 60/m, per: index}]
> config

== Mistakes of the configuration
write data/ingestd.yaml
  worker:
    concurrency: 0
    heartbeat: 20s
  embedders:
    test:
      model: m
  default-embedder: none
  no-such-key: 1
> config
> status
> doctor
> submit files/a.md
$ config
write data/ingestd.yaml
  worker: [
> config
$ doctor
write data/ingestd.yaml
  worker:
    concurrency: 2

== Mistakes of workflows
write data/workflows/mine.yaml
  name: mine
  steps:
    - id: one
      uses: nope
    - id: one
      uses: embed
      timeout: never
    - id: two
      uses: noop
      when: steps.three.x == 1
> workflow validate
> workflow validate data/workflows/mine.yaml
> workflow validate data/workflows/none.yaml
> workflow list
> workflow show mine
> doctor
> submit files/a.md --root files --workflow mine
$ workflow validate
$ workflow list
write data/workflows/mine.yaml
  name: mine
  description: Mine.
  deadline: 2d
  singleton: {per: source, mode: skip}
  steps:
    - id: one
      uses: exec
      throttle: 60/m burst 2
      concurrency: 3
      with: {command: [sh, -c, "echo '{}'"]}
    - id: two
      uses: http
      when: steps.one.x == 1 and source in ['a', 'b']
      retry: {attempts: 3, first: 5s, factor: 3, max: 1m, jitter: none}
      with: {url: "http://127.0.0.1:1/hook"}
> workflow show mine
> workflow graph mine
> workflow validate data/workflows/mine.yaml
> doctor
$ workflow show mine
$ workflow graph mine
$ doctor

== A worker with nothing to do
> worker --drain
> worker --drain --source none
> worker --drain --index none
> worker --drain --concurrency 1
> index create docs
> worker --drain --concurrency 1
> worker --drain --index none
> migrate
> migrate --dry-run
> doctor
> config
> status
$ migrate
$ doctor
$ config
