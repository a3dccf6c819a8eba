extension ErrorTopic {
  static let commandLine = ErrorTopic(
    "Command line",
    [
      ErrorEntry(
        "UNKNOWN_COMMAND",
        "There is no such command.",
        "Take the suggested command, or list all with `ingestd -h`."),
      ErrorEntry(
        "MISSING_COMMAND",
        "A group such as `job` was named without one of its commands.",
        "Add a command; `ingestd job -h` lists them."),
      ErrorEntry(
        "UNKNOWN_OPTION",
        "The command has no such option.",
        "Take the suggested option, or read `-h` of the command."),
      ErrorEntry(
        "MISSING_VALUE",
        "An option that needs a value has none.",
        "Give the value. Write `--option=VALUE` if the value begins with a dash."),
      ErrorEntry(
        "UNEXPECTED_VALUE",
        "A flag was given a value.",
        "Leave out the value."),
      ErrorEntry(
        "WRONG_VALUE",
        "A value cannot be read or is outside the bounds of its option.",
        "Give a value of the form that the message shows."),
      ErrorEntry(
        "MISSING_ARGUMENT",
        "A required argument is missing.",
        "Give the argument that the message names."),
      ErrorEntry(
        "EXTRA_ARGUMENT",
        "The command takes fewer arguments.",
        "Remove the argument, or put quotes around text with spaces."),
      ErrorEntry(
        "OPTION_GIVEN_TWICE",
        "An option that may occur once occurs twice.",
        "Leave one out."),
      ErrorEntry(
        "OPTIONS_EXCLUDE_EACH_OTHER",
        "Two options contradict each other.",
        "Leave one out."),
      ErrorEntry(
        "BREAKER_SELECTION",
        "`breaker reset` needs either names or `--all`, and has neither or both.",
        "Name the breakers, or give `--all` alone."),
      ErrorEntry(
        "BREAKER_TIME_ZERO",
        "`breaker open --for` has a duration of zero.",
        "Give a duration such as `10m`, or leave out `--for` to keep the breaker open until it is reset."),
      ErrorEntry(
        "BURST_TWICE",
        "`--throttle` contains a burst and `--burst` gives another one.",
        "Leave one out."),
      ErrorEntry(
        "BURST_WITHOUT_THROTTLE",
        "`--burst` was given for a source without a throttle.",
        "Give `--throttle` too, such as `--throttle 60/m`."),
      ErrorEntry(
        "JOB_SELECTION_MISSING",
        "A command that changes jobs names no job, no filter and no `--all`.",
        "Name jobs, give a filter such as `--source`, or say `--all`."),
      ErrorEntry(
        "JOB_SELECTION_TWICE",
        "A command that changes jobs has ids and filters together.",
        "Leave out the ids or the filters."),
      ErrorEntry(
        "DEAD_SELECTION_MISSING",
        "A command on dead letters names no letter, no filter and no `--all`.",
        "Name dead letters, give a filter such as `--source`, or say `--all`."),
      ErrorEntry(
        "DEAD_SELECTION_TWICE",
        "A command on dead letters has ids and filters together, or `--quarantined` with another `--code`.",
        "Leave one out."),
      ErrorEntry(
        "SOURCE_MISSING",
        "The command needs a source and none was named.",
        "Name a source, or give `--all` where the command takes it."),
      ErrorEntry(
        "SOURCE_AND_ALL",
        "A source and `--all` were given together.",
        "Leave one out."),
      ErrorEntry(
        "NOTHING_TO_SET",
        "`source set` has no setting to change.",
        "Give a setting; `ingestd source set -h` lists them."),
      ErrorEntry(
        "KEY_MISSING",
        "`--key-ttl` was given without `--key`.",
        "Give `--key` too, or leave out `--key-ttl`."),
      ErrorEntry(
        "KEY_FOR_MANY",
        "`--key` names one document, but several paths were given.",
        "Submit the documents one at a time."),
      ErrorEntry(
        "DEBOUNCE_MISSING",
        "`--debounce-longest` was given without `--debounce`.",
        "Give `--debounce` too."),
      ErrorEntry(
        "DEBOUNCE_INVALID",
        "The debounce is zero, longer than its longest wait, or longer than ten years.",
        "Give `--debounce` above zero and at most `--debounce-longest`."),
      ErrorEntry(
        "START_TOO_FAR",
        "The job would start more than ten years from now.",
        "Check `--at` or `--delay`."),
      ErrorEntry(
        "SYNC_NEEDS_FOLDER",
        "`submit --sync` was given several paths, but compares exactly one folder.",
        "Give one folder and nothing else."),
      ErrorEntry(
        "SCAN_OPTION",
        "`--sync`, `--include` or `--exclude` was given to a schedule that scans no folder.",
        "Add `--scan DIR`, or leave the option out."),
      ErrorEntry(
        "TEXT_TOO_LONG",
        "A reason or another short text exceeds its limit.",
        "Shorten the text."),
      ErrorEntry(
        "NAME_INVALID",
        "The name of a source or an index has wrong characters, is too long, or is `system`, which is reserved.",
        "Use letters, digits, `.`, `_` and `-`; begin with a letter or digit."),
      ErrorEntry(
        "INPUT_UNREADABLE",
        "The file or standard input with a job's input cannot be read.",
        "Give the JSON itself, `@FILE`, or `-` for standard input."),
      ErrorEntry(
        "INPUT_TOO_LARGE",
        "The input of a job exceeds the limit that the message names.",
        "Put the data into a file and give its path as the input."),
      ErrorEntry(
        "INPUT_INVALID",
        "The input of a job is not valid JSON.",
        "Give one JSON value. Put text in quotes."),
      ErrorEntry(
        "PART_MISSING",
        "The program lacks a part that the operation needs, such as a simulation without files.",
        "Use the program `ingestd`."),
      ErrorEntry(
        "OUTPUT_CLOSED",
        "The program that reads the output closed it.",
        "Nothing. The command ends without an error.",
        exit: "0"),
      ErrorEntry(
        "OUTPUT_FAILED",
        "The output could not be written, for example because the disk is full.",
        "Free space where the output goes, then run the command again."),
      ErrorEntry(
        "OUTPUT_UNWRITABLE",
        "The file of `--output` cannot be created or written.",
        "Name a file in a folder that you may write to and that has room."),
      ErrorEntry(
        "FILE_UNUSABLE",
        "A file that the program needs cannot be used.",
        "Check the permissions of the file and of its folder."),
    ])
}
