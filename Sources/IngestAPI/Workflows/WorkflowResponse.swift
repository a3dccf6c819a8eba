package import IngestCore
package import IngestOperations

/// A workflow as `workflow show` prints it.
package struct WorkflowResponse: Codable, Hashable, Sendable {
  package struct Step: Codable, Hashable, Sendable {
    package struct Retry: Codable, Hashable, Sendable {
      package var attempts: Int
      package var firstMs: Int64
      package var factor: Double
      package var maximumMs: Int64
      package var jitter: RetryPolicy.Jitter
    }

    package var id: String
    package var uses: String
    package var with: [String: Setting]
    package var timeoutMs: Int64
    package var retry: Retry
    package var when: String?
    package var throttle: String?
    package var concurrency: Int?

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

  package struct Waits: Codable, Hashable, Sendable {
    package var periodMs: Int64
    package var longestMs: Int64
  }

  package var workflow: String
  package var version: String
  package var origin: String
  package var description: String
  package var deadlineMs: Int64?
  /// `{"key","mode"}`.
  package var singleton: Singleton?
  package var debounce: Waits?
  package var steps: [Step]
  package var onFailure: Step?

  package init(_ listed: ListedWorkflow) {
    let definition = listed.definition
    workflow = definition.name
    version = listed.version.rawValue
    origin = listed.origin
    description = definition.description
    deadlineMs = definition.deadline?.milliseconds
    singleton = definition.singleton
    debounce = definition.debounce.map {
      Waits(periodMs: $0.period.milliseconds, longestMs: $0.longest.milliseconds)
    }
    steps = definition.steps.map(Step.init)
    onFailure = definition.onFailure.map(Step.init)
  }
}

/// A line of `workflow list`.
package struct WorkflowListResponse: Codable, Hashable, Sendable {
  package var workflow: String
  /// Nil for a workflow with mistakes.
  package var version: String?
  package var steps: [String]
  package var origin: String
  package var mistakes: Int

  package init(_ listed: ListedWorkflow) {
    workflow = listed.definition.name
    version = listed.version.rawValue
    steps = listed.definition.steps.map(\.id)
    origin = listed.origin
    mistakes = 0
  }

  package init(_ broken: WorkflowListing.Broken) {
    workflow = broken.name
    steps = []
    origin = broken.file
    mistakes = broken.mistakes.count
  }
}

/// A mistake of a workflow file, as `workflow validate` prints it.
package struct MistakeResponse: Codable, Hashable, Sendable {
  package var file: String
  package var line: Int?
  package var column: Int?
  package var message: String
  package var hint: String

  package init(_ mistake: WorkflowMistake) {
    file = mistake.file
    line = mistake.line
    column = mistake.column
    message = mistake.message
    hint = mistake.hint
  }
}

/// The result of `workflow graph`.
package struct WorkflowGraphResponse: Codable, Hashable, Sendable {
  package var workflow: String
  package var format: String
  package var graph: String

  package init(_ workflow: ListedWorkflow, drawing: String, format: WorkflowDrawing) {
    self.workflow = workflow.definition.name
    self.format = format.rawValue
    graph = drawing
  }
}
