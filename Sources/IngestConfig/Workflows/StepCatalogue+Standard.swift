private import IngestCore

extension StepCatalogue {
  /// The kinds that come with ingestd.
  package static let standard = StepCatalogue(ingestion + own + waiting)

  private static let ingestion = [
    StepKind("parse", "Reads the document's bytes into text."),
    StepKind("chunk", "Cuts the text into chunks.", needs: ["parse"]),
    StepKind(
      "embed", "Turns each chunk into a vector.",
      settings: [
        StepSetting(
          "lost-chunks", .percentage,
          "How many of a document's chunks the embedder may refuse before the document dies; 2% by default.")
      ], needs: ["chunk"]),
    StepKind("upsert", "Writes the chunks to the generation, then removes those of older revisions.", needs: ["embed"]),
    StepKind("remove", "Removes the document's chunks and leaves a tombstone."),
    StepKind("fill", "Queues a job for every kept document, and waits until all have ended.", waits: true),
    StepKind("verify", "Proves that the generation holds exactly what the catalogue says."),
    StepKind("ready", "Marks the generation as ready to be swapped in.", needs: ["verify"]),
    StepKind(
      "swap", "Moves the index's readers to the generation; refused while it lacks what the live one holds.",
      settings: [
        StepSetting(
          "accept-missing", .integer(0...1_000_000_000), "How many documents that died on the way may be missing.")
      ]),
    StepKind(
      "scan", "Submits what is new or changed in a folder, and deletes what vanished from it where the task says so."),
    StepKind("noop", "Does nothing, for measuring and for trying things out."),
  ]

  /// Steps that the user writes.
  private static let own = [
    StepKind(
      "exec", "Runs a program of yours: JSON in, JSON out.",
      settings: [
        StepSetting(
          "command", .list(.text(maximum: 4096), 1...100), isRequired: true, "The program and its arguments; no shell."),
        StepSetting("env", .map(.variable, .text(maximum: 4096)), "Variables that it is given."),
        StepSetting(
          "pass-env", .list(.variable, 1...100), "Variables that it is given as the worker has them; for secrets."),
        StepSetting("cwd", .absolutePath, "Where it runs; an empty folder of its own for each try by default."),
        StepSetting("stdin", .choice(["json", "content"]), "What its standard input is; `json` by default."),
        StepSetting(
          "memory", .size(ByteSize(bytes: 4 << 20)...ByteSize(bytes: 1 << 40)),
          "The most private memory that each of its processes may have."),
        StepSetting("cpu", .duration(.seconds(1) ... .seconds(7 * 86_400)), "The most processor time of each process."),
        StepSetting(
          "exit", .map(.choice(exitKinds), .list(.integer(1...255), 1...255)),
          "Which exit statuses mean which kind of failure."),
      ]),
    StepKind(
      "http", "Sends the same JSON to a server of yours, signed, and takes its answer.",
      settings: [
        StepSetting("url", .address, isRequired: true, "Where to."),
        StepSetting("method", .choice(["POST", "PUT", "PATCH"]), "`POST` by default."),
        StepSetting("headers", .map(.header, .text(maximum: 4096)), "Headers; nothing secret, for they are stored."),
        StepSetting("headers-env", .map(.header, .variable), "Headers whose values the worker's variables hold."),
        StepSetting("secret-env", .variable, "The variable with the key that signs the body."),
        StepSetting("secret-file", .absolutePath, "The file with that key, instead."),
        StepSetting(
          "answer-timeout", .duration(.milliseconds(100) ... .seconds(3600)), "For the whole answer; `60s` by default."),
        StepSetting(
          "answer-limit", .size(ByteSize(bytes: 1024)...ByteSize(bytes: 16 << 20)),
          "Bytes of an answer, at most; `64KiB` by default."),
      ], atMostOne: [["secret-env", "secret-file"]]),
  ]

  /// Kinds of failure that an exit status can be given.
  package static let exitKinds = ["transient", "permanent", "throttled", "unavailable", "exhausted"]

  /// Steps whose job holds no worker while they wait.
  private static let waiting: [StepKind] = {
    let year: SettingType = .duration(.milliseconds(1) ... .seconds(366 * 86_400))
    return [
      StepKind(
        "sleep", "Waits for a time to pass or to come.",
        settings: [
          StepSetting("for", year, "How long, from the step's first start."),
          StepSetting("until", .time, "Until when."),
        ], exactlyOne: [["for", "until"]], waits: true),
      StepKind(
        "wait-for-signal", "Waits for `ingestd job signal JOB NAME`; one that was sent early is kept for it.",
        settings: [
          StepSetting("name", .name, isRequired: true, "What the signal is called."),
          StepSetting("timeout", year, "How long; for ever by default."),
          StepSetting("on-timeout", .choice(["fail", "continue"]), "What then; `fail` by default."),
        ], waits: true),
      StepKind(
        "approval", "Waits for `ingestd job approve`, and keeps who said what and why.",
        settings: [
          StepSetting("message", .text(maximum: 1000), "What the person is asked."),
          StepSetting("timeout", year, "How long; for ever by default."),
          StepSetting("on-timeout", .choice(["fail", "continue", "reject"]), "What then; `fail` by default."),
        ], waits: true),
      StepKind(
        "foreach", "Runs a workflow for each item of a list, as jobs of their own, and waits for them.",
        settings: [
          StepSetting("items", .valuePath, isRequired: true, "The list."),
          StepSetting(workflowSetting, .name, isRequired: true, "What runs for each item; its task is the item."),
          StepSetting("parallel", .integer(1...1000), "How many at once; 10 by default."),
          StepSetting("limit", .integer(1...100_000), "Items, at most; 10000 by default. More fail the step."),
          StepSetting(
            "min-success", .share, "How many must complete, as a number or a share; all (`100%`) by default."),
        ], waits: true),
    ]
  }()

  /// The setting of ``foreach`` that names a workflow.
  static let workflowSetting = "workflow"
  static let foreach = "foreach"
}
