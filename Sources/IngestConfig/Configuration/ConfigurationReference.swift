import IngestCore

/// The table of all keys in `docs/configuration.md`.
package enum ConfigurationReference {
  package static var markdown: String {
    var lines = [
      "| key | type | default | bounds | meaning | variable |", "| --- | --- | --- | --- | --- | --- |",
    ]
    for key in ConfigurationKey.all {
      let path = key.path.replacing("*", with: "NAME")
      let fallback =
        switch key.fallback {
        case nil: key.isRequired ? "must be given" : "none"
        case .text("")?: "empty"
        case let value?: "`\(value)`"
        }
      lines.append(
        "| `\(path)` | \(key.type.typeName) | \(fallback) | \(key.type.bounds) | \(key.summary) "
          + "| `\(key.variable(named: key.isNamed ? "NAME" : nil))` |")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
