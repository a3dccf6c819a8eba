import IngestAPI
import IngestCore
import IngestOperations

/// `ingestd source set`.
package enum SourceSetCommand: Command {
  static let source = Parameter(
    optionalArgument: .text("SOURCE"), summary: "The source; leave it out with --all.")
  static let all = Parameter(flag: "--all", summary: "Set limits for the jobs of all sources together.")
  static let throttle = Parameter(
    option: "--throttle", type: .rate("RATE"),
    summary: "How many jobs may start per period of 1ms to 366d, such as 60/m; the rest wait. Or none, or reset.")
  static let burst = Parameter(
    option: "--burst", type: .integer("N", 0...RateSpec.limits.upperBound),
    summary: "How many more may start together after a quiet time, 0 to 1000000000.")
  static let rateLimit = Parameter(
    option: "--rate-limit", type: .rate("RATE"),
    summary: "How many submits are accepted per period, such as 1/4h; the rest are refused. Or none, or reset.")
  static let concurrency = Parameter(
    option: "--concurrency", type: .slots("N"), summary: "How many jobs run at once, 1 to 1000000; or none, or reset.")
  static let weight = Parameter(
    option: "--weight", type: .weight("N", ConfiguredFlow.Source.weights),
    summary: "Its share of starts among the sources with work, 0.01 to 1000, or reset. Default: 1.")
  static let per = Parameter(
    option: "--per", type: .limitKey("KEY"), defaultText: "source; provider for requests and tokens",
    summary: "Limit each value of this key separately: source, index, workflow, provider, tenant, document or "
      + "meta.NAME.")
  static let counts = Parameter(
    option: "--counts", type: ValueType<Limit.Unit>.choice("UNIT"), defaultText: "jobs",
    summary: "What the throttle counts: starts of jobs or steps, or a provider's requests or tokens.")
  static let workflow = Parameter(
    option: "--workflow", type: .text("NAME"), summary: "Limit this workflow only.")
  static let provider = Parameter(
    option: "--provider", type: .text("NAME"), summary: "Limit this embedder only.")
  static let reset = Parameter(
    flag: "--reset", summary: "Reset all limits and the weight, except those that this command sets.")
  static let create = Parameter(
    flag: "--create", summary: "Create the source if it does not exist.")

  package static let spec = CommandSpec(
    "source set", "Set a source's limits and weight while workers run", section: .work,
    details: [
      "A setting applies to every worker immediately. It is stored, and wins over the configuration file until you "
        + "reset it. `none` lifts a limit even if the file has one; `reset` restores the file's value.",
      "A job with several limits starts only when all of them allow it, and then counts in all of them.",
    ],
    parameters: [
      source.spec, all.spec, throttle.spec, burst.spec, rateLimit.spec, concurrency.spec, weight.spec, per.spec,
      counts.spec, SharedParameters.onlyIndex.spec, workflow.spec, provider.spec, reset.spec, create.spec,
    ],
    examples: [
      .init(
        "ingestd source set handbook --throttle 60/m --burst 10 --concurrency 4",
        "60 starts a minute, 10 more after a quiet time, 4 at once."),
      .init("ingestd source set handbook --throttle none", "No throttle, even if the file has one."),
      .init("ingestd source set handbook --rate-limit 1/4h --per document", "Each document once in four hours."),
      .init(
        "ingestd source set --all --throttle 1000000/m --counts tokens --per provider",
        "One million tokens a minute for each provider."),
      .init("ingestd source set handbook --reset", "Back to the file's settings."),
    ],
    exits: [.init(3, "the source does not exist; --create creates it")])

  package static func run(_ context: CommandContext) async throws {
    let settings = settings(context)
    try settings.check()
    try await context.withOperations { operations in
      switch try await operations.set(settings) {
      case .one(let sheet, let isNew):
        if isNew { context.console.note("created the source \(sheet.report.source)") }
        try sheet.print(context, hasWorker: try await operations.hasWorker())
      case .all(let limits):
        for limit in limits { try context.console.json(LimitResponse(limit)) }
        if limits.isEmpty { return try context.console.line("no limits for all sources") }
        try context.console.table(SourceSheet.table(limits))
      }
    }
  }

  /// The settings that the command line describes.
  private static func settings(_ context: CommandContext) -> SourceSettings {
    var settings = SourceSettings(source: context[source], isForAll: context[all])
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
}
