/// Which kinds of step a workflow may use and what each takes: handed in by whoever links the steps, so that a new kind
/// needs no change here.
package struct StepCatalogue: Hashable, Sendable {
  /// By what `uses:` says.
  package var kinds: [String: StepKind]

  package init(_ kinds: [StepKind]) {
    self.kinds = Dictionary(kinds.map { ($0.name, $0) }) { _, last in last }
  }
}

/// One kind of step.
package struct StepKind: Hashable, Sendable {
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

  package init(
    _ name: String, _ summary: String, settings: [StepSetting] = [], needs: [String] = [],
    exactlyOne: [[String]] = [], atMostOne: [[String]] = [], waits: Bool = false
  ) {
    self.name = name
    self.summary = summary
    self.settings = settings
    self.needs = needs
    self.exactlyOne = exactlyOne
    self.atMostOne = atMostOne
    self.waits = waits
  }
}

/// One key under `with:`.
package struct StepSetting: Hashable, Sendable {
  package var name: String
  package var type: SettingType
  package var isRequired: Bool
  package var summary: String

  package init(_ name: String, _ type: SettingType, isRequired: Bool = false, _ summary: String) {
    self.name = name
    self.type = type
    self.isRequired = isRequired
    self.summary = summary
  }
}
