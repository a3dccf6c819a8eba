# documents.story explains the format.
== Help
$ --help
$ job --help
$ dead --help
$ source --help
$ breaker --help
$ schedule --help
$ workflow --help
$ index --help
$ document --help
$ submit --help
$ delete --help
$ search --help
$ parse --help
$ worker --help
$ status --help
$ job list --help
$ job show --help
$ job wait --help
$ job logs --help
$ job cancel --help
$ job retry --help
$ job replay --help
$ job signal --help
$ job approve --help
$ dead redrive --help
$ dead export --help
$ source set --help
$ schedule add --help
$ index create --help
$ index build --help
$ index swap --help
$ index gc --help
$ document chunks --help
$ chaos --help
$ doctor --help
$ migrate --help
$ config --help
