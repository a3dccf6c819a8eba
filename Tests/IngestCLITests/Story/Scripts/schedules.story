# documents.story explains the format.
write data/ingestd.yaml
  schedules:
    configured: {cron: 30 2 29 2 *, scan: ../files, source: c}
write data/workflows/ask.yaml
  name: ask
  steps:
    - id: ask
      uses: approval
write files/a.md
  words of a
write files/b.md
  words of b

== Add
> schedule list
> schedule add nightly --cron '30 2 29 2 *' --zone Europe/Berlin --scan files --source s --sync --dry-run
> schedule add nightly --cron '30 2 29 2 *' --zone Europe/Berlin --scan files --source s --sync
> index create docs
> schedule add nightly --cron '30 2 29 2 *' --zone Europe/Berlin --scan files --source s --sync
> schedule add nightly --cron '@daily' --workflow ask
> schedule add once --at 2099-01-01T00:00:00Z --workflow ask --task '{"days": 1}' --overlap skip --priority 3
> schedule add often --every 2400h --workflow ask --overlap cancel-previous --catch-up 2h --jitter 1m
> schedule add x --cron '61 * * * *' --workflow ingest
> schedule add x --every 0s --workflow ingest
> schedule add x --at 2020-01-01T00:00:00Z --workflow ingest
> schedule add x --cron '@daily' --zone Europe/Berlni --workflow ingest
> schedule add x --cron '@daily' --workflow ingset
> schedule add x --cron '@daily' --workflow ask --task '{'
> schedule add x --cron '@daily' --scan none
> schedule add x --cron '@daily'
> schedule add x --workflow ask
> schedule add x --cron '@daily' --workflow ask --sync
> schedule add x --cron '@daily' --workflow ask --index none
> schedule add x --cron '@daily' --every 1h --workflow ask
> schedule add x --cron '@daily' --workflow ask --overlap never
> schedule add 'No Name' --cron '@daily' --workflow ask
$ schedule add yearly --cron '0 0 1 1 *' --scan files --dry-run
$ schedule add yearly --cron '0 0 1 1 *' --scan files

== See
> schedule list
> schedule show nightly
> schedule show once
> schedule show often
> schedule show nightyl
# Before the first run: later the width of an age decides what is cut.
$ schedule list
$ schedule show nightly
$ schedule show once

== Run
> schedule run nightly
let RUN = 0.job
> schedule show nightly
> schedule run nightly
> worker --drain --concurrency 1
> job show {RUN}
> document list
> schedule show nightly
> schedule run once
let ASK = 0.job
> schedule run once
> schedule run often
let OFTEN = 0.job
> schedule run often
> worker --drain --concurrency 1
> job show {ASK}
> job show {OFTEN}
> schedule run none
> schedule run once --wait
remove files/a.md
> schedule run nightly
> worker --drain --concurrency 1
> document list
$ schedule show nightly
$ schedule run once
$ schedule run yearly

== Pause, resume, remove
> schedule pause once
> schedule pause once
> schedule show once
> schedule pause none
> schedule resume once
> schedule resume once
> schedule resume none
> schedule list
> schedule show configured
> schedule run configured
> schedule remove configured
> schedule remove once
> schedule remove once
> schedule remove none
> schedule list
$ schedule pause nightly
$ schedule resume nightly
$ schedule remove nightly
> job list --workflow scan
> status
