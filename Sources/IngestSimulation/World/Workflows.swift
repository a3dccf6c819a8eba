import IngestCore
import IngestDigest
import IngestStore

/// The workflows of simulated worlds: the built-in ones with waits that a run can wait out.
enum Workflows {
  static let retry = RetryPolicy(attempts: 6, first: .milliseconds(500), factor: 2, maximum: .seconds(8))

  private static func pinned(_ name: String, _ steps: [String], timeout: Duration = .seconds(30)) -> PinnedWorkflow {
    pinned(
      WorkflowDefinition(
        name: name, steps: steps.map { StepDefinition(id: $0, uses: $0, retry: retry, timeout: timeout) }))
  }

  static func pinned(_ definition: WorkflowDefinition) -> PinnedWorkflow {
    PinnedWorkflow(version: hash(Array("\(definition)".utf8)), definition: definition)
  }

  static func hash(_ bytes: [UInt8]) -> ContentHash { ContentHash(rawValue: SHA256.hash(bytes)) }

  static let ingest = pinned("ingest", ["parse", "chunk", "embed", "upsert"])
  static let delete = pinned("delete", ["remove"])
  static let reindex = pinned("reindex", ["fill", "verify", "ready"], timeout: .seconds(600))
  static let tick = pinned("tick", ["noop"])

  static func get(_ name: String) throws -> PinnedWorkflow {
    switch name {
    case "ingest": ingest
    case "delete": delete
    case "reindex": reindex
    case "tick": tick
    default: throw Failure(.permanent, code: "WORKFLOW_MISSING", "There is no workflow '\(name)'.")
    }
  }
}
