import IngestApp
package import IngestCLI
import IngestConfig
import IngestCore
import IngestSimulation

/// `ingestd chaos`.
package enum ChaosCommand: Command {
  package static let seed = Parameter(
    option: "--seed", type: .integer("N", 0...Int.max), summary: "The seed of the first world. Default: random.")
  package static let seeds = Parameter(
    option: "--seeds", type: .integer("COUNT", 1...1_000_000), default: 100,
    summary: "How many worlds, 1 to 1000000; not with --trace.")
  package static let workflow = Parameter(
    option: "--workflow", type: .file("NAME|FILE"), summary: "A workflow of your own. Default: the built-in pipeline.")
  package static let trace = Parameter(flag: "--trace", summary: "Print every event of the one world of --seed.")
  package static let injection = Parameter(
    option: "--plant", type: .word("BUG", InjectedBug.allCases.map(\.rawValue)),
    summary: "Inject a bug into each world, to see it found.")

  package static let spec = CommandSpec(
    "chaos", "Try to break the promises in simulated worlds", section: .setup, data: .none,
    details: [
      "Each world has some workers, sources, readers and operators with a real store and a real index, on one thread and "
        + "a virtual clock. Processes are killed and stopped, clocks jump, acknowledgements of commits are lost, and "
        + "providers fail. An oracle compares every answer with the promises. The same seed gives the same world.",
      "No program is run and no server is called: such steps are simulated, and the seed decides whether they fail. "
        + "Nothing is written except a temporary folder.",
    ],
    parameters: [seed.spec, seeds.spec, workflow.spec, trace.spec, injection.spec],
    exclusive: [["--seeds", "--trace"]],
    examples: [
      .init("ingestd chaos", "A hundred worlds with the built-in pipeline."),
      .init("ingestd chaos --workflow review.yaml --seeds 1000", "A thousand worlds with a workflow of your own."),
      .init("ingestd chaos --seed 7 --trace", "One world, event by event."),
    ],
    exits: [
      .init(1, "a promise was broken"), .init(2, "the workflow has mistakes"), .init(3, "the workflow does not exist"),
      .init(130, "interrupted by a signal"),
    ])

  package static func run(_ context: CommandContext) async throws {
    let bug = context[injection].flatMap(InjectedBug.init(rawValue:))
    let own = try chosen(context)
    let first = UInt64(context[seed] ?? Int.random(in: 1...1_000_000_000))
    let plan: @Sendable (UInt64) -> SimulationPlan = { seed in
      var plan = bug.map { SimulationPlan(seed: seed, showing: $0) } ?? SimulationPlan(seed: seed)
      plan.workflow = own?.workflow
      plan.others = own?.others ?? []
      return plan
    }
    if context[trace] { return try print(try Simulation.run(plan(first), injecting: bug), context) }
    let result = try await ChaosRun(
      first: first, count: context[seeds], bug: bug, console: context.console, plan: plan
    ).run()
    var command = "ingestd chaos --seed \(result.broken?.plan.seed ?? first) --trace"
    if let name = context[workflow] { command += " --workflow \(name)" }
    if let bug { command += " --plant \(bug.rawValue)" }
    try result.print(context.console, command: command)
    if result.isInterrupted { throw ExitStatus(130) }
    if result.broken != nil { throw ExitStatus(1) }
  }

  /// Returns the chosen workflow, and those that it may call.
  private static func chosen(
    _ context: CommandContext
  ) throws -> (workflow: WorkflowDefinition, others: [WorkflowDefinition])? {
    guard let name = context[workflow] else { return nil }
    let library = try context.request().workflowLibrary()
    let isFile = name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml")
    let entry = isFile ? try WorkflowLibrary.check(file: name, among: library) : try library.get(name)
    return (entry.definition, library.entries.map(\.definition).filter { $0.name != entry.definition.name })
  }

  /// Prints one world, event by event.
  private static func print(_ report: Simulation.Report, _ context: CommandContext) throws {
    for line in report.trace {
      try context.console.json(TraceLine(line))
      try context.console.line(line.description.visible)
    }
    let finding = report.finding.map { "broken: \($0.promise.rawValue). \($0.sentence)" } ?? "all promises held"
    context.console.note("seed \(report.plan.seed), \(report.elapsed / 1_000_000) s of virtual time: \(finding)")
    if report.finding != nil { throw ExitStatus(1) }
  }

  /// The JSON of one event, for `--trace --json`.
  private struct TraceLine: Encodable {
    var atMs: Double
    var actor: String
    var text: String
    var about: [String]

    init(_ line: Trace.Line) {
      atMs = Double(line.at) / 1000
      actor = line.actor
      text = line.text
      about = line.topics
    }
  }
}
