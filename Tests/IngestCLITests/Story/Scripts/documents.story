# How to read and write a story:
#   == NAME         begins a group of commands.
#   > COMMAND       runs `ingestd COMMAND --json`; `$ COMMAND` runs it without --json.
#   write PATH      writes the indented lines below it to a file of the story's folder; `remove PATH` removes a file.
#   let NAME = PATH keeps a value of the last command's JSON: `0.job` is the field `job` of its first line.
#                   {NAME} stands for it in later lines, {NAME:20} for its first 20 characters.
#   input TEXT      is the standard input of the next command; `env NAME=VALUE` sets a variable for it.
#   server WORD     lets the embedding server at {server} answer so from now on: good, quota, drop, or a status such as 503.
#   work JOB until STATE runs a worker until the job is in that state or queued for that reason.
# The folder of the story is the current folder and {folder}; the data folder is {data}.

== An empty data folder
> status
> document list
> search keys
> job list
> dead list
> source list
> index list

== Submit
write files/keys.md
  # Keys

  The keys hang behind the door of the pump house.

  ## Spare keys

  A spare key lies with the porter.
write files/boats.txt
  Boats lie in the harbour. The ferry leaves at seven.
write files/sub/valves.md
  # Valves

  Close the valve before the pump is opened.
write files/ignored.bin
  no text
> submit files --root files --source manual --meta team=pumps --include '*.md' --include '*.txt' --dry-run
> submit files --root files --source manual --meta team=pumps --include '*.md' --include '**/*.md' --include '*.txt'
let KEYS = 2.job
let KEYSDOC = 2.document
let BOATS = 0.job
> status
> job list
> job show {KEYS}
> job wait {KEYS} --timeout 50ms
> document text {KEYSDOC}
> document list --source manual --behind
$ document list --source manual
$ job show {KEYS}
> worker --drain --concurrency 1
> job wait {KEYS} {BOATS}
> job show {KEYS:22}
> job logs {KEYS}
> status

== Search
> search spare key
> search spare key --mode keyword
> search spare key --mode vector -k 2
> search spare key --mode hybrid -k 1
> search pump --where team=pumps
> search pump --where team=none
> search pump --source none
> search pump --source manual --generation 1
> search pump --generation 9
> search pump --index none
> search pump --mode loud
> search ''
> search pump -k 0
> search 'AND OR "( NEAR *'
$ search spare key -k 2
$ search zebra --mode keyword

== Documents
> document list
> document list --limit 1
> document list --source none
> document list --index none
> document show {KEYSDOC}
> document show keys.md
> document show keys.md --source other
> document show {KEYSDOC:22}
> document show none.md
> document show '' 
> document text keys.md
> document text keys.md --page 1
> document text keys.md --page 7
> document text none.md
> document chunks keys.md
> document chunks keys.md --generation 1
> document chunks keys.md --generation 7
$ document list
$ document show keys.md
$ document text keys.md
$ document chunks keys.md

== Submit again
> submit files/keys.md --root files --source manual --meta team=pumps
> submit files/keys.md --root files --source manual --meta team=valves
> worker --drain --concurrency 1
> search pump --where team=valves
write files/keys.md
  # Keys

  The keys hang in the office now.
> submit files/keys.md --root files --source manual --meta team=pumps
let SECOND = 0.job
> document show keys.md
> worker --drain --concurrency 1
> document show keys.md
> search office --mode keyword
> search porter --mode keyword
> job show {SECOND}

== Standard input, keys and metadata
input A note without a file.
> submit - --uri note --source notes
input A note without a file.
> submit - --source notes
input A note with a key.
> submit - --uri keyed --source notes --key k1 --key-ttl 1d
input A note with a key.
> submit - --uri keyed --source notes --key k1
input Another text.
> submit - --uri keyed --source notes --key k1
> submit files/keys.md files/boats.txt --key k2
> submit files/keys.md --meta team
> submit files/keys.md --priority 1000
> submit files/keys.md --root files/sub
> submit files/none.md
> submit files/none.md files/boats.txt --root files --source mixed
> submit files/none.md files/boats.txt --root files --source mixed
> submit files/ignored.bin --root files --source mixed
> submit
> submit files/keys.md --index none
> submit files/keys.md --workflow none
> submit files/keys.md --source 'two words'
> submit files/keys.md --delay soon
> submit files/keys.md --at 2099-01-01T00:00:00Z --delay 5m
> submit files/boats.txt --root files --source later --at 2099-01-01T00:00:00Z --priority 7
> job list --source later
$ submit files/keys.md --root files --source manual --meta team=pumps
$ submit files/none.md files/keys.md --root files --source fresh
> worker --drain --concurrency 1 --source notes --source mixed --source fresh
> document list --source notes

== Delete and sync
> delete none.md --source manual
> delete boats.txt --source manual
> delete boats.txt --source manual
> search ferry --source manual --mode keyword
> worker --drain --concurrency 1 --source manual
> search ferry --source manual --mode keyword
> document show boats.txt --source manual
> document text boats.txt --source manual
> document list --source manual
> submit files/boats.txt --root files --source manual
> worker --drain --concurrency 1 --source manual
> document show boats.txt --source manual
remove files/sub/valves.md
> submit files --root files --source manual --meta team=pumps --include '*.md' --include '*.txt' --sync --dry-run
> submit files --root files --source manual --meta team=pumps --include '*.md' --include '*.txt' --sync
$ delete keys.md none.md --source manual
> worker --drain --concurrency 1 --source manual
> submit files/sub --root files --source manual --sync
> status
$ status
