# documents.story explains the format.
write data/ingestd.yaml
  embedders:
    test:
      model: m
      dimensions: 8
      base-url: {server}
write files/a.md
  # Alpha

  The first document is about anchors. An anchor holds a ship.

  ## Beta

  The second part is about ropes. A rope ties the ship to the quay.
write files/b.md
  # Winds

  The wind blows from the west in most months of the year.

== Create
> index create docs
> index create docs
> index create docs --embedder test
> index create 'No Name'
> index create other --embedder none
> index create other --chunk-tokens 100 --chunk-max 50
> index create other --embedder test --chunk-tokens 64 --chunk-max 80 --chunk-overlap 8
> index list
> index show docs
> index show other
> index show none
> index history other
$ index list
$ index create third

== Fill and build
> submit files --root files --source s
> submit files --root files --source s --index other
> index verify docs
> worker --drain --concurrency 1
> index verify docs
> index verify docs --generation 9
> index verify none
> index build docs
> index build docs --embedder none
> index build none
> index build docs --chunk-tokens 24 --chunk-max 32 --chunk-overlap 4
let BUILD = 0.job
> index build docs --chunk-tokens 24 --chunk-max 32 --chunk-overlap 4
> index show docs
> job show {BUILD}
> index swap docs
> index swap docs --to 2
> index swap docs --to 9
> worker --drain --concurrency 1
> job show {BUILD}
> index show docs
> index verify docs --generation 2
> document chunks a.md --generation 2
> document show a.md
> search rope --generation 2
$ index show docs
$ index verify docs

== Swap and roll back
> index rollback docs
> index swap docs --to 2
> index swap docs --to 2
> index show docs
> search rope
> index history docs
> index history docs --limit 2
> index rollback docs
> index show docs
> index swap docs
$ index history docs
$ index rollback docs
$ index swap docs

== Behind
write files/c.md
  # Corals

  A coral grows slowly.
> submit files/c.md --root files --source s
> index show docs
> index verify docs
> index rollback docs
> index swap docs --to 1
> worker --drain --concurrency 1
> index show docs
> index rollback docs --force
> index swap docs --to 2

== Another embedder
> index build docs --embedder test --force
> worker --drain --concurrency 1
> index swap docs --to 3
> search coral --mode vector -k 1
> search coral -k 1
> index show docs
> document show c.md

== A build that cannot be ready
write files/bad.pdf
  %PDF-1.4 this is no PDF
> submit files/bad.pdf --root files --source s
> worker --drain --concurrency 1
> index show docs
> index build docs --chunk-tokens 40 --chunk-max 50 --chunk-overlap 0
> worker --drain --concurrency 1
> index show docs
> index swap docs --to 4
> index swap docs --to 4 --accept-missing 1

== Collect
> index gc docs --dry-run
> index gc docs --generation 4
> index gc docs --generation 4 --dry-run
> index gc docs --generation 9
> index gc none
> index gc docs --generation 1 --dry-run
> index gc docs --generation 1
> index show docs
> index gc docs
> index gc docs
> index show docs
> index rollback docs
> index history docs
> worker --drain --concurrency 1
> index verify docs --repair
> status
$ index gc docs
$ index show docs
$ index swap docs
