import IngestCore

extension StepCatalogue {
  /// The table of all kinds of step in `docs/workflows.md`, then a table of settings for each kind that has any.
  package var markdown: String {
    let sorted = kinds.values.sorted { $0.name < $1.name }
    var lines = ["| uses | what it does | needs before it | its job needs |", "| --- | --- | --- | --- |"]
    for kind in sorted {
      let name = kind.settings.isEmpty ? "`\(kind.name)`" : "[`\(kind.name)`](#\(kind.name))"
      let needs = kind.needs.map { "`\($0)`" }.joined(separator: ", ")
      lines.append("| \(name) | \(kind.summary) | \(needs) | \(kind.subject.reference) |")
    }
    for kind in sorted where !kind.settings.isEmpty {
      lines += [
        "", "### `\(kind.name)`", "", "| setting | type | default | bounds | meaning |",
        "| --- | --- | --- | --- | --- |",
      ]
      lines += kind.settings.map(\.row)
      lines += kind.exactlyOne.map { "\nExactly one of \(Self.names($0)) must be given." }
      lines += kind.atMostOne.map { "\nAt most one of \(Self.names($0)) may be given." }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func names(_ settings: [String]) -> String {
    settings.map { "`\($0)`" }.joined(separator: " and ")
  }
}

extension StepKind.Subject {
  fileprivate var reference: String {
    switch self {
    case .anything: ""
    case .document: "a document"
    case .generation: "a generation"
    }
  }
}

extension StepSetting {
  fileprivate var row: String {
    let value = isRequired ? "must be given" : fallback.map { "`\($0)`" } ?? "none"
    let needs = asks.map { " `\($0.value)` needs a job with \($0.subject.reference)." } ?? ""
    return "| `\(name)` | \(type.typeName) | \(value) | \(type.bounds) | \(summary)\(needs) |"
  }
}
