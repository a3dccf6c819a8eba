/// The kinds of step that workflows may use, with their settings, collected from the steps that a program links.
package struct StepCatalogue: Hashable, Sendable {
  /// Kinds by their name under `uses:`.
  package var kinds: [String: StepKind]

  package init(_ kinds: [StepKind]) {
    self.kinds = Dictionary(kinds.map { ($0.name, $0) }) { _, last in last }
  }

  package init(_ steps: [any Step.Type]) {
    self.init(steps.map { $0.declaration })
  }

  /// The kind that makes child jobs, and the name of its setting for their workflow.
  package static let foreach = "foreach"
  package static let workflowSetting = "workflow"
}

/// A kind of step as the step declares it: what it does, takes and needs.
package struct StepKind: Hashable, Sendable {
  /// The subject that a step's job must have.
  package enum Subject: String, Hashable, Sendable {
    /// Any job, even one without an index.
    case anything
    /// A document: a submit queued the job.
    case document
    /// A generation of an index: a build queued the job.
    case generation
  }

  /// The name under `uses:`.
  package var name: String
  /// One sentence on what the step does.
  package var summary: String
  /// The settings under `with:`.
  package var settings: [StepSetting]
  /// Kinds whose results it reads. A step of each must come before it, or every job would fail at it.
  package var needs: [String]
  /// Groups of settings of which exactly one must be given.
  package var exactlyOne: [[String]]
  /// Groups of settings of which at most one may be given.
  package var atMostOne: [[String]]
  /// Whether the step may make its job wait, so that it cannot be the on-failure step.
  package var waits: Bool
  /// The subject that its job must have.
  package var subject: Subject

  package init(
    _ name: String, _ summary: String, settings: [StepSetting] = [], needs: [String] = [],
    exactlyOne: [[String]] = [], atMostOne: [[String]] = [], waits: Bool = false, subject: Subject = .anything
  ) {
    self.name = name
    self.summary = summary
    self.settings = settings
    self.needs = needs
    self.exactlyOne = exactlyOne
    self.atMostOne = atMostOne
    self.waits = waits
    self.subject = subject
  }

  /// Returns the subject that the job of a step with these settings must have.
  package func subject(with: [String: Setting]) -> Subject {
    for setting in settings {
      guard let asks = setting.asks, with[setting.name] == .text(asks.value) else { continue }
      return asks.subject
    }
    return subject
  }
}

/// One key under `with:`.
package struct StepSetting: Hashable, Sendable {
  package var name: String
  package var type: SettingType
  package var isRequired: Bool
  /// The value in force where the setting is not given, as the reference table shows it; nil where there is none.
  package var fallback: String?
  package var summary: String
  /// The value that makes the step need a job with a subject, such as `stdin: content` of `exec`, which needs a
  /// document.
  package var asks: Asks?

  package struct Asks: Hashable, Sendable {
    package var value: String
    package var subject: StepKind.Subject

    package init(_ value: String, _ subject: StepKind.Subject) {
      self.value = value
      self.subject = subject
    }
  }

  package init(
    _ name: String, _ type: SettingType, isRequired: Bool = false, default fallback: String? = nil, asks: Asks? = nil,
    _ summary: String
  ) {
    self.name = name
    self.type = type
    self.isRequired = isRequired
    self.fallback = fallback
    self.asks = asks
    self.summary = summary
  }
}

extension WorkflowDefinition {
  /// Returns the first step that a job without a subject cannot run, and the subject that it needs; nil if such a
  /// job can run all steps.
  package func needing(_ catalogue: StepCatalogue) -> (step: StepDefinition, subject: StepKind.Subject)? {
    for step in steps + [onFailure].compactMap(\.self) {
      guard let subject = catalogue.kinds[step.uses]?.subject(with: step.with), subject != .anything else { continue }
      return (step, subject)
    }
    return nil
  }
}
