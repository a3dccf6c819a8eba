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

  package init(_ name: String, _ summary: String, settings: [StepSetting] = [], needs: [String] = []) {
    self.name = name
    self.summary = summary
    self.settings = settings
    self.needs = needs
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

extension StepCatalogue {
  /// The kinds that come with ingestd.
  package static let standard = StepCatalogue([
    StepKind("parse", "Reads the document's bytes into text."),
    StepKind("chunk", "Cuts the text into chunks.", needs: ["parse"]),
    StepKind("embed", "Turns each chunk into a vector.", needs: ["chunk"]),
    StepKind("upsert", "Writes the chunks to the generation, then removes those of older revisions.", needs: ["embed"]),
    StepKind("remove", "Removes the document's chunks and leaves a tombstone."),
    StepKind("fill", "Queues a job for every kept document, and waits until all have ended."),
    StepKind("verify", "Proves that the generation holds exactly what the catalogue says."),
    StepKind("ready", "Marks the generation as ready to be swapped in.", needs: ["verify"]),
    StepKind(
      "swap", "Moves the index's readers to the generation; refused while it lacks what the live one holds.",
      settings: [
        StepSetting(
          "accept-missing", .integer(0...1_000_000_000), "How many documents that died on the way may be missing.")
      ]),
    StepKind("noop", "Does nothing, for measuring and for trying things out."),
  ])
}
