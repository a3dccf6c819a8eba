import IngestCore

extension StepCatalogue {
  /// The table of all kinds of step in `docs/workflows.md`.
  package var markdown: String {
    var lines = ["| uses | what it does | needs before it | with |", "| --- | --- | --- | --- |"]
    for kind in kinds.values.sorted(by: { $0.name < $1.name }) {
      let needs = kind.needs.map { "`\($0)`" }.joined(separator: ", ")
      let settings = kind.settings.map { setting in
        "`\(setting.name)`\(setting.isRequired ? " (must be given)" : ""): \(setting.type.bounds). \(setting.summary)"
      }
      lines.append("| `\(kind.name)` | \(kind.summary) | \(needs) | \(settings.joined(separator: "<br>")) |")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
