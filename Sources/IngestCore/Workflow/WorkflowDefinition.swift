/// An ordered set of steps, as read from a file. Its version is the hash of its canonical form.
package struct WorkflowDefinition: Codable, Hashable, Sendable {
  package var name: String
  package var description: String
  /// From acceptance; a job past it ends `dead`. None by default.
  package var deadline: Duration?
  package var steps: [StepDefinition]
  /// Runs once when the job is about to die, before it does; nil for none.
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
  /// Unique in its workflow; checkpoints and errors name it.
  package var id: String
  /// The kind of step: `parse`, `chunk`, `embed`, `upsert`, …
  package var uses: String
  /// Settings of this kind of step.
  package var with: [String: Setting]
  package var retry: RetryPolicy
  /// The longest one attempt may take; the failure past it is transient.
  package var timeout: Duration
  /// The step is skipped where this does not hold; nil always runs it. See ``Condition``.
  package var when: String?
  /// How often it may start, over all jobs of this workflow.
  package var throttle: RateSpec?
  /// How many of it may run at once, over all jobs of this workflow.
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

/// At most one open job of a workflow for each value of the key.
package struct Singleton: Codable, Hashable, Sendable {
  package enum Mode: String, Codable, Sendable, CaseIterable {
    /// The newer submit is not accepted.
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

/// Submits of one document that follow each other closely become one job: the last one wins.
package struct Debounce: Codable, Hashable, Sendable {
  /// How long no further submit must have come.
  package var period: Duration
  /// However many come, the job starts so long after the first.
  package var longest: Duration

  package init(period: Duration, longest: Duration) {
    self.period = period
    self.longest = longest
  }
}

/// A value in a workflow's or the configuration's file.
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
