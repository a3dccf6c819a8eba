import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd source set`.
package enum SourceSetCommand: Command {
  static let source = Parameter(
    optionalArgument: .text("SOURCE"), summary: "The source; left out with --all.")
  static let all = Parameter(flag: "--all", summary: "Limits for the jobs of all sources.")
  static let throttle = Parameter(
    option: "--throttle", type: .rate("RATE"), summary: "Starts in a time, such as 60/m; the rest wait.")
  static let burst = Parameter(
    option: "--burst", type: .integer("N", 0...RateSpec.limits.upperBound),
    summary: "How many more may start at once after a rest.")
  static let rateLimit = Parameter(
    option: "--rate-limit", type: .rate("RATE"), summary: "Submits in a time, such as 1/4h; the rest are refused.")
  static let concurrency = Parameter(
    option: "--concurrency", type: .slots("N"), summary: "How many run at once.")
  static let weight = Parameter(
    option: "--weight", type: .weight("N", ConfiguredFlow.Source.weights),
    summary: "Its share beside other sources that have work.")
  static let per = Parameter(
    option: "--per", type: .limitKey("KEY"), defaultText: "source",
    summary: "What the limits are counted by: source, index, workflow, provider, tenant, document or meta.NAME.")
  static let counts = Parameter(
    option: "--counts", type: ValueType<Limit.Unit>.choice("UNIT"), defaultText: "jobs",
    summary: "What the throttle counts.")
  static let workflow = Parameter(
    option: "--workflow", type: .text("NAME"), summary: "The limits hold for this workflow only.")
  static let provider = Parameter(
    option: "--provider", type: .text("NAME"), summary: "The limits hold for this embedder only.")
  static let reset = Parameter(
    flag: "--reset", summary: "Return to what the configuration says, in all that is not set here.")
  static let create = Parameter(
    flag: "--create", summary: "Make the source, of which no document has come yet.")

  package static let spec = CommandSpec(
    "source set", "Set limits and the weight of a source, live", section: .work,
    details: [
      "What is set holds for every worker at once and is kept; it wins over the configuration file until it is reset. "
        + "`none` lifts a limit, whatever the file says; `reset` returns to what the file says.",
      "Each of several limits on a job must let it start; they are taken together or not at all.",
    ],
    parameters: [
      source.spec, all.spec, throttle.spec, burst.spec, rateLimit.spec, concurrency.spec, weight.spec, per.spec,
      counts.spec, SharedParameters.onlyIndex.spec, workflow.spec, provider.spec, reset.spec, create.spec,
    ],
    examples: [
      .init("ingestd source set handbook --throttle 60/m --burst 10 --concurrency 4", "Slowly, and few at once."),
      .init("ingestd source set handbook --throttle none", "No throttle, whatever the file says."),
      .init("ingestd source set handbook --rate-limit 1/4h --per document", "Each document once in four hours."),
      .init("ingestd source set --all --throttle 1000000/m --counts tokens --per provider", "What a provider allows."),
      .init("ingestd source set handbook --reset", "What the file says, again."),
    ],
    exits: [.init(3, "there is no such source; --create makes it")])

  package static func run(_ context: CommandContext) async throws {
    try await context.withOperations { operations in
      try await operations.takeOverFlow()
      switch try await operations.set(try settings(context)) {
      case .one(let sheet, let isNew):
        if isNew { context.console.note("made the source \(sheet.report.source)") }
        try sheet.print(context, hasWorker: try await operations.hasWorker())
      case .all(let limits):
        for limit in limits { try context.console.json(LimitResponse(limit)) }
        if limits.isEmpty { return try context.console.line("no limits for all sources") }
        try context.console.table(SourceSheet.table(limits))
      }
    }
  }

  private static func settings(_ context: CommandContext) throws -> SourceSettings {
    let arguments = context.arguments
    let isEmpty =
      !(arguments.has(throttle) || arguments.has(burst) || arguments.has(rateLimit)
      || arguments.has(concurrency) || arguments.has(weight) || context[reset] || context[create])
    switch (context[source], context[all]) {
    case (nil, false): throw misuse("SOURCE_MISSING", "No source was named.", "Name one, or say --all.")
    case (_?, true): throw misuse("SOURCE_AND_ALL", "Both a source and --all were given.", "Leave one of them out.")
    case (nil, true) where context[weight] != nil || context[create]:
      throw misuse("SOURCE_MISSING", "--weight and --create are of one source.", "Name it in place of --all.")
    case _ where isEmpty:
      throw misuse("NOTHING_TO_SET", "Nothing is to be set.", "`ingestd source set -h` tells what can be.")
    case (nil, true), (_?, false): break
    }
    var settings = SourceSettings(source: context[source])
    settings.throttle = context[throttle]
    settings.burst = context[burst]
    settings.rateLimit = context[rateLimit]
    settings.concurrency = context[concurrency]
    settings.key = context[per]
    settings.unit = context[counts]
    settings.index = context[SharedParameters.onlyIndex] ?? ""
    settings.workflow = context[workflow] ?? ""
    settings.provider = context[provider] ?? ""
    settings.weight = context[weight]
    settings.resetsAll = context[reset]
    settings.creates = context[create]
    return settings
  }

  private static func misuse(_ code: String, _ message: String, _ hint: Hint) -> Failure {
    Failure(.permanent, code: code, message, hint: hint, category: .invalid)
  }
}
