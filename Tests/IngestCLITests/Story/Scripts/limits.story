# documents.story explains the format.
write data/ingestd.yaml
  sources:
    slow: {throttle: 1/100h, concurrency: 4, weight: 2}
    held: {paused: true}
  limits:
    - rate-limit: 1/4h
      per: document
      source: rare
    - concurrency: 3
      per: meta.team
write files/a.md
  words of a
write files/b.md
  words of b
write files/c.md
  words of c

== Limits of the configuration
> config
> source list
> submit files --root files --source slow --meta team=red
let S1 = 0.job
let S2 = 1.job
> source list
> source show slow
> source show none
> source show held
work {S2} until throttled
> job show {S2}
> job list --reason throttled
> source show slow
> job retry {S2}
> status
$ job show {S2}
$ source list
$ source show slow

== Limits set live
> source set slow
> source set none --throttle 1/h
> source set slow --throttle 0/m
> source set slow --throttle often
> source set slow --burst 3
> source set slow --weight 0
> source set slow --throttle 60/m --burst 10 --concurrency 2
> source show slow
> source set slow --throttle none
> source show slow
> worker --drain --concurrency 1
> source set slow --weight 5 --counts steps --throttle 1000/m
> source set slow --per document --rate-limit 1000/h
> source set slow --per meta.team --concurrency 5 --workflow ingest
> source set slow --per nothing --concurrency 5
> source set --all --concurrency 50
> source set --all slow --concurrency 50
> source set --all --throttle 1000000/m --counts tokens --per provider
> source set new --create --weight 3
> source show slow
> source show new
> source list --limit 2
$ source show slow
> source set slow --reset
> source set --all --reset
> source show slow
$ source set slow --throttle 2/100h
$ source set slow --reset

== A rate that is past
> submit files/a.md --root files --source rare
> submit files/a.md --root files --source rare
write files/a.md
  other words of a
> submit files/a.md --root files --source rare
$ submit files/a.md --root files --source rare
> submit files/a.md files/b.md --root files --source rare
> delete a.md --source rare
> source show rare
> source set tight --create --rate-limit 1/4h
> submit files --root files --source tight
$ submit files --root files --source tight
> worker --drain --concurrency 1

== Pauses
> submit files/c.md --root files --source held
let H = 0.job
> worker --drain --concurrency 1
> job show {H}
> job list --reason paused
> job retry {H}
> job wait {H} --timeout 50ms
> source pause none
> source pause
> source pause held slow
> source pause --all
> source list
> source show slow
> status
$ source list
> source resume none
> source resume
> source resume --all
> source resume held slow
> source resume slow
> worker --drain --concurrency 1
> job show {H}
$ source pause held
$ source resume held
> workflow pause none
> workflow pause
> workflow pause ingest
> workflow list
> submit files/b.md --root files --source other
let W = 0.job
> worker --drain --concurrency 1
> job show {W}
> job list --reason paused
$ job show {W}
> workflow resume none
> workflow resume ingest
> workflow resume ingest
> worker --drain --concurrency 1
> status
$ workflow pause reindex
$ workflow resume reindex
