/// An ordered set of steps, read from a file. Its version is the hash of its canonical form.
package struct WorkflowDefinition: Codable, Hashable, Sendable {
  package var name: String
  package var description: String
  /// The longest time from a job's acceptance to its outcome; a job past it ends `dead`. None by default.
  package var deadline: Duration?
  package var steps: [StepDefinition]
  /// The step that runs once before a failed job becomes a dead letter; nil for none.
  package var onFailure: StepDefinition?
  package var singleton: Singleton?
  package var debounce: Debounce?

  package init(
    name: String, description: String = "", deadline: Duration? = nil, steps: [StepDefinition],
    onFailure: StepDefinition? = nil, singleton: Singleton? = nil, debounce: Debounce? = nil
  ) {
    self.name = name
    self.description = description
    self.deadline = deadline
    self.steps = steps
    self.onFailure = onFailure
    self.singleton = singleton
    self.debounce = debounce
  }
}

/// One unit of work within a workflow.
package struct StepDefinition: Codable, Hashable, Sendable {
  /// Unique in its workflow; checkpoints and errors contain it.
  package var id: String
  /// The kind of step: `parse`, `chunk`, `embed`, `upsert`, …
  package var uses: String
  /// Settings of this kind of step.
  package var with: [String: Setting]
  package var retry: RetryPolicy
  /// The longest time of one attempt. A longer one fails as transient.
  package var timeout: Duration
  /// The condition without which the step is skipped; nil always runs it. See ``Condition``.
  package var when: String?
  /// How often the step may start, counted over all jobs of this workflow.
  package var throttle: RateSpec?
  /// How many runs of the step are allowed at once, over all jobs of this workflow.
  package var concurrency: Int?

  package init(
    id: String, uses: String, with: [String: Setting] = [:], retry: RetryPolicy = .init(),
    timeout: Duration = .seconds(600), when: String? = nil, throttle: RateSpec? = nil, concurrency: Int? = nil
  ) {
    self.id = id
    self.uses = uses
    self.with = with
    self.retry = retry
    self.timeout = timeout
    self.when = when
    self.throttle = throttle
    self.concurrency = concurrency
  }
}

/// The rule that at most one job of a workflow that has not ended exists for each value of the key.
package struct Singleton: Codable, Hashable, Sendable {
  package enum Mode: String, Codable, Sendable, CaseIterable {
    /// The newer submit is skipped.
    case skip
    /// The older job is cancelled.
    case cancel
  }

  package var key: LimitKey
  package var mode: Mode

  package init(key: LimitKey, mode: Mode) {
    self.key = key
    self.mode = mode
  }
}

/// The rule that submits of one document in quick succession become one job: the last one wins.
package struct Debounce: Codable, Hashable, Sendable {
  /// The job starts when no further submit has arrived for this long.
  package var period: Duration
  /// The job starts this long after the first submit at the latest.
  package var longest: Duration

  package init(period: Duration, longest: Duration) {
    self.period = period
    self.longest = longest
  }
}

/// A value in a workflow file or the configuration file.
package enum Setting: Hashable, Sendable {
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case list([Setting])
  case map([String: Setting])
}

extension Setting: Codable {
  package init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let bool = try? value.decode(Bool.self) {
      self = .bool(bool)
    } else if let integer = try? value.decode(Int.self) {
      self = .integer(integer)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let list = try? value.decode([Setting].self) {
      self = .list(list)
    } else {
      self = .map(try value.decode([String: Setting].self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .bool(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .list(let value): try container.encode(value)
    case .map(let value): try container.encode(value)
    }
  }
}
