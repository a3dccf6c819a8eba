/// The kinds of step that a workflow may use, and what each takes: made from the steps that a program links.
package struct StepCatalogue: Hashable, Sendable {
  /// By what `uses:` says.
  package var kinds: [String: StepKind]

  package init(_ kinds: [StepKind]) {
    self.kinds = Dictionary(kinds.map { ($0.name, $0) }) { _, last in last }
  }

  package init(_ steps: [any Step.Type]) {
    self.init(steps.map { $0.declaration })
  }

  /// The kind that makes child jobs, and its setting that names their workflow.
  package static let foreach = "foreach"
  package static let workflowSetting = "workflow"
}

/// A kind of step, as the step declares it: what it does, what it takes and what it needs.
package struct StepKind: Hashable, Sendable {
  /// What a step's job must be about.
  package enum Subject: String, Hashable, Sendable {
    /// Any job, one without an index too.
    case anything
    /// A document: its job was queued by a submit.
    case document
    /// A generation of an index: its job was queued by a build.
    case generation
  }

  /// What `uses:` says.
  package var name: String
  /// What it does, in one sentence.
  package var summary: String
  /// What `with:` may say.
  package var settings: [StepSetting]
  /// Kinds whose result it reads: a step of each must stand before it, or every job would end at it.
  package var needs: [String]
  /// Settings of which exactly one must be given.
  package var exactlyOne: [[String]]
  /// Settings of which at most one may be given.
  package var atMostOne: [[String]]
  /// Its job may have to wait: it cannot be a job's last act.
  package var waits: Bool
  /// What its job must be about.
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

  /// What the job of a step with these settings must be about.
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
  package var summary: String
  /// The value with which the step needs a job about something, such as `stdin: content` of `exec` a document.
  package var asks: Asks?

  package struct Asks: Hashable, Sendable {
    package var value: String
    package var subject: StepKind.Subject

    package init(_ value: String, _ subject: StepKind.Subject) {
      self.value = value
      self.subject = subject
    }
  }

  package init(_ name: String, _ type: SettingType, isRequired: Bool = false, asks: Asks? = nil, _ summary: String) {
    self.name = name
    self.type = type
    self.isRequired = isRequired
    self.asks = asks
    self.summary = summary
  }
}

extension WorkflowDefinition {
  /// The first step that a job about nothing cannot run, and what it needs; nil where such a job can run all of them.
  package func needing(_ catalogue: StepCatalogue) -> (step: StepDefinition, subject: StepKind.Subject)? {
    for step in steps + [onFailure].compactMap(\.self) {
      guard let subject = catalogue.kinds[step.uses]?.subject(with: step.with), subject != .anything else { continue }
      return (step, subject)
    }
    return nil
  }
}
