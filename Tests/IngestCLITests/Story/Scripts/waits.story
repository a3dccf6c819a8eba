# documents.story explains the format.
write data/workflows/review.yaml
  name: review
  steps:
    - id: ask
      uses: approval
      with: {message: "Is it fit to be read?"}
    - id: scan
      uses: wait-for-signal
      with: {name: scanned, timeout: 1d}
    - id: pages
      uses: foreach
      with: {items: steps.scan.data.pages, workflow: page, parallel: 1}
    - id: never
      uses: noop
      when: steps.pages.total > 100
  on-failure:
    id: tell
    uses: noop
write data/workflows/page.yaml
  name: page
  steps:
    - id: count
      uses: noop
write data/workflows/nap.yaml
  name: nap
  steps:
    - id: nap
      uses: sleep
      with: {for: 300d}
write data/workflows/one.yaml
  name: one
  singleton: {per: source, mode: skip}
  steps:
    - id: nothing
      uses: noop
write data/workflows/last.yaml
  name: last
  singleton: {per: source, mode: cancel}
  debounce: {period: 1h, longest: 2h}
  steps:
    - id: nothing
      uses: noop
write files/a.md
  words of a
write files/b.md
  words of b
write files/c.md
  words of c

== An approval
> submit files/a.md --root files --workflow review
let A = 0.job
> job approve {A}
> job approve {A} --step scan
> job approve {A} --step none
> worker --drain --concurrency 1
> status
> job show {A}
> job list --state waiting
> job wait {A} --timeout 50ms
> job approve 01ARZ3NDEKTSV4RRFFQ69G5FAV
$ job show {A}
> job approve {A} --reason 'read it' --by ann
> job approve {A}
> worker --drain --concurrency 1

== Signals
> job show {A}
> job signal {A} 'two words'
> job signal {A} scanned --payload '{oops'
> job signal {A} scanned --payload @/nowhere
> job signal {A} other --payload 7
> job signal 01ARZ3NDEKTSV4RRFFQ69G5FAV scanned
input {"pages": [7, 8]}
> job signal {A} scanned --payload -
> worker --drain --concurrency 1
> job show {A}
> job signal {A} scanned
> job list
> job logs {A}
$ job show {A}
$ job logs {A}

== An approval that is refused
> submit files/b.md --root files --workflow review
let B = 0.job
> worker --drain --concurrency 1
$ job signal {B} scanned --payload '{"pages": []}'
$ job approve {B} --reject --reason 'wrong file' --by ann
> worker --drain --concurrency 1
> job show {B}
> dead show {B}
> dead redrive {B}
> worker --drain --concurrency 1
> job show {B}
> job approve {B} --reject --by bob
> worker --drain --concurrency 1
> dead list

== A sleep and its cancel
> submit files/c.md --root files --workflow nap
let C = 0.job
work {C} until scheduled
> job show {C}
> job list --workflow nap
$ job show {C}
> job cancel {C}
> worker --drain --concurrency 1
> job show {C}

== A workflow that runs once at a time
> submit files/a.md --root files --workflow one --source one
> submit files/b.md --root files --workflow one --source one
> worker --drain --concurrency 1
> submit files/b.md --root files --workflow one --source one
$ submit files/c.md --root files --workflow one --source one
> worker --drain --concurrency 1
> document list --source one

== Only the last submit counts
> submit files/a.md --root files --workflow last --source last
> submit files/b.md --root files --workflow last --source last
> job list --source last
> submit files/b.md --root files --workflow last --source last
> submit files/c.md --root files --source bounce --debounce 1h --debounce-longest 5h
let D = 0.job
write files/c.md
  other words of c
> submit files/c.md --root files --source bounce --debounce 1h
> job show {D}
> job list --reason scheduled --source bounce
> job retry --source bounce
> job cancel --source last --state queued
> submit files/c.md --root files --debounce 2h --debounce-longest 1h
> worker --drain --concurrency 1
> job list --source last
> job list --source bounce
> status
