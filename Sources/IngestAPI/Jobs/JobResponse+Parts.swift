package import IngestCore

extension JobResponse {
  package struct Step: Codable, Hashable, Sendable {
    /// `pending`, `running`, `waiting`, `completed`, `failed` or `skipped`.
    package var state: String
    package var id: String
    package var attempts: Int
    package var startedAt: Timestamp?
    package var finishedAt: Timestamp?
    package var durationMs: Int64?
    package var error: ErrorBody?

    package init(_ step: JobReport.Step) {
      id = step.id
      state = step.state.rawValue
      attempts = step.attempts
      startedAt = step.startedAt
      finishedAt = step.finishedAt
      durationMs = step.durationMs
      error = step.error.map(ErrorBody.init)
    }
  }

  /// The event that a waiting job waits for.
  package struct Wait: Codable, Hashable, Sendable {
    /// `generation`, `signal`, `approval` or `children`.
    package var kind: String
    package var name: String?
    package var until: Timestamp?
    /// The action that ends the wait.
    package var command: ActionText?

    package init(_ wait: JobWait) {
      kind = wait.kind.rawValue
      name = wait.name
      until = wait.until
      command = wait.action.map(ActionText.action)
    }
  }

  package struct Children: Codable, Hashable, Sendable {
    package struct Dead: Codable, Hashable, Sendable {
      package var job: String
      package var child: Int
      package var error: ErrorBody
    }

    package var total: Int
    package var ended: Int
    package var completed: Int
    package var cancelled: Int
    package var dead: Int
    /// The first dead children.
    package var failures: [Dead]

    package init(_ children: ChildrenSummary) {
      total = children.total
      ended = children.ended
      completed = children.completed
      cancelled = children.cancelled
      dead = children.dead
      failures = children.failures.map { Dead(job: $0.job, child: $0.child, error: ErrorBody($0.error)) }
    }
  }
}
