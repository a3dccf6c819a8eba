import IngestConfig
import IngestCore

/// `ingestd workflow show`.
package enum WorkflowShowCommand: Command {
  package static let name = Parameter(argument: .text("NAME"), summary: "The workflow.")

  package static let spec = CommandSpec(
    "workflow show", "Show a workflow's steps with their retries and timeouts", group: .set, data: .none,
    parameters: [name.spec],
    examples: [.init("ingestd workflow show ingest", "All that is in force, defaults too.")],
    exits: [.init(3, "there is no such workflow")])

  package static func run(_ context: CommandContext) async throws {
    let entry = try context.workflowLibrary().get(context[name])
    if context.console.isJSON { return try context.console.json(Shown(entry)) }
    try context.console.line("version \(entry.version.rawValue)", .dim)
    try context.console.line("from \(entry.origin.description.visible)", .dim)
    try context.console.raw(WorkflowGraph.text(entry.definition))
  }

  /// What `--json` prints.
  private struct Shown: Encodable {
    struct Step: Encodable {
      struct Retry: Encodable {
        var attempts: Int
        var firstMs: Int64
        var factor: Double
        var maximumMs: Int64
        var jitter: RetryPolicy.Jitter
      }

      var id: String
      var uses: String
      var with: [String: Setting]
      var timeoutMs: Int64
      var retry: Retry
      var when: String?
      var throttle: String?
      var concurrency: Int?

      init(_ step: StepDefinition) {
        id = step.id
        uses = step.uses
        with = step.with
        timeoutMs = step.timeout.milliseconds
        retry = Retry(
          attempts: step.retry.attempts, firstMs: step.retry.first.milliseconds, factor: step.retry.factor,
          maximumMs: step.retry.maximum.milliseconds, jitter: step.retry.jitter)
        when = step.when
        throttle = step.throttle?.description
        concurrency = step.concurrency
      }
    }

    struct Waits: Encodable {
      var periodMs: Int64
      var longestMs: Int64
    }

    var workflow: String
    var version: String
    var origin: String
    var description: String
    var deadlineMs: Int64?
    /// `{"key","mode"}`.
    var singleton: Singleton?
    var debounce: Waits?
    var steps: [Step]
    var onFailure: Step?

    init(_ entry: WorkflowEntry) {
      workflow = entry.definition.name
      version = entry.version.rawValue
      origin = entry.origin.description
      description = entry.definition.description
      deadlineMs = entry.definition.deadline?.milliseconds
      singleton = entry.definition.singleton
      debounce = entry.definition.debounce.map {
        Waits(periodMs: $0.period.milliseconds, longestMs: $0.longest.milliseconds)
      }
      steps = entry.definition.steps.map(Step.init)
      onFailure = entry.definition.onFailure.map(Step.init)
    }
  }
}
