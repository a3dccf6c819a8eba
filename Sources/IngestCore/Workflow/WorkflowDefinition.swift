/// An ordered set of steps, as read from a file. Its version is the hash of its canonical form.
package struct WorkflowDefinition: Codable, Hashable, Sendable {
  package var name: String
  package var description: String
  /// From acceptance; a job past it ends `dead`. None by default.
  package var deadline: Duration?
  package var steps: [StepDefinition]

  package init(name: String, description: String = "", deadline: Duration? = nil, steps: [StepDefinition]) {
    self.name = name
    self.description = description
    self.deadline = deadline
    self.steps = steps
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

  package init(
    id: String, uses: String, with: [String: Setting] = [:], retry: RetryPolicy = .init(),
    timeout: Duration = .seconds(600)
  ) {
    self.id = id
    self.uses = uses
    self.with = with
    self.retry = retry
    self.timeout = timeout
  }
}

/// A value in a workflow's or the configuration's file.
package enum Setting: Hashable, Sendable {
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case list([Setting])
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
    } else {
      self = .list(try value.decode([Setting].self))
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
    }
  }
}
