import IngestCore
import IngestDigest

/// The workflows of simulated worlds: the built-in ones, with short waits.
enum Workflows {
  static let retry = RetryPolicy(
    attempts: 6, first: .milliseconds(500), factor: 2, maximum: .seconds(8))

  private static func pinned(_ name: String, _ steps: [String], timeout: Duration = .seconds(30))
    -> PinnedWorkflow
  {
    pinned(
      WorkflowDefinition(
        name: name,
        steps: steps.map { StepDefinition(id: $0, uses: $0, retry: retry, timeout: timeout) }))
  }

  static func pinned(_ definition: WorkflowDefinition) -> PinnedWorkflow {
    PinnedWorkflow(version: hash(Array(name(of: definition).utf8)), definition: definition)
  }

  /// Returns a text that identifies a definition within a world. It need not match the product's version.
  private static func name(of definition: WorkflowDefinition) -> String {
    "\(definition.name) \(definition.steps.map(\.id)) \(definition.steps.map(\.uses))"
  }

  static func hash(_ bytes: [UInt8]) -> ContentHash { ContentHash(rawValue: SHA256.hash(bytes)) }

  static let ingest = pinned("ingest", ["parse", "chunk", "embed", "upsert"])
  /// Sleeps, waits for a signal that may come early or never, and limits its own `embed` step.
  static let patient: PinnedWorkflow = {
    func step(_ id: String, _ uses: String, _ with: [String: Setting] = [:]) -> StepDefinition {
      StepDefinition(id: id, uses: uses, with: with, retry: retry, timeout: .seconds(30))
    }
    var embed = step("embed", "embed")
    embed.throttle = try? RateSpec(limit: 10, period: .seconds(5), burst: 1)
    embed.concurrency = 2
    return pinned(
      WorkflowDefinition(
        name: "patient",
        steps: [
          step("parse", "parse"), step("chunk", "chunk"), step("nap", "sleep", ["for": .text("1500ms")]),
          step(
            "word", "wait-for-signal", ["name": .text("go"), "timeout": .text("20s"), "on-timeout": .text("continue")]),
          embed, step("upsert", "upsert"),
        ]))
  }()
  /// A rebuild that swaps readers over by itself.
  static let rebuild = pinned("rebuild", ["fill", "verify", "ready", "swap"], timeout: .seconds(600))
  static let delete = pinned("delete", ["remove"])
  static let reindex = pinned("reindex", ["fill", "verify", "ready"], timeout: .seconds(600))
  static let tick = pinned("tick", ["noop"])
  /// A workflow that needs no index: it calls the outside, sleeps, and waits for a signal that may never come.
  static let errand: PinnedWorkflow = {
    func step(_ id: String, _ uses: String, _ with: [String: Setting] = [:]) -> StepDefinition {
      StepDefinition(id: id, uses: uses, with: with, retry: retry, timeout: .seconds(30))
    }
    return pinned(
      WorkflowDefinition(
        name: "errand",
        steps: [
          step("ask", "exec", ["command": .list([.text("ask")])]), step("nap", "sleep", ["for": .text("1500ms")]),
          step(
            "word", "wait-for-signal", ["name": .text("go"), "timeout": .text("10s"), "on-timeout": .text("continue")]),
          step("done", "noop"),
        ]))
  }()
  /// A workflow that makes children, which need no index either.
  static let each = pinned(
    WorkflowDefinition(
      name: "each",
      steps: [
        StepDefinition(
          id: "all", uses: "foreach",
          with: ["items": .text("task.items"), "workflow": .text("tick"), "parallel": .integer(2)], retry: retry,
          timeout: .seconds(30)),
        StepDefinition(id: "done", uses: "noop", retry: retry, timeout: .seconds(30)),
      ]))

  /// Returns the workflow of a name. The plan's own workflows have precedence.
  static func get(_ name: String, of plan: SimulationPlan) throws -> PinnedWorkflow {
    let own = [plan.workflow].compactMap(\.self) + plan.others
    if let found = own.first(where: { $0.name == name }) { return pinned(found) }
    switch name {
    case "ingest": return ingest
    case "patient": return patient
    case "rebuild": return rebuild
    case "delete": return delete
    case "reindex": return reindex
    case "tick": return tick
    case "errand": return errand
    case "each": return each
    default:
      throw Failure(.permanent, code: "WORKFLOW_MISSING", "There is no workflow '\(name)'.")
    }
  }
}
