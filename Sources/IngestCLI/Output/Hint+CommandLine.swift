package import IngestCore

extension Hint {
  /// The hint with its actions written as commands.
  package var commandLine: String { text(\.commandLine) }
}

extension Action {
  /// The command to type, such as `ingestd index verify docs --repair`.
  package var commandLine: String {
    let options = options.flatMap { [($0.name.count == 1 ? "-" : "--") + $0.name] + ($0.value.map { [$0] } ?? []) }
    return (["ingestd", name.rawValue] + subjects + options).joined(separator: " ")
  }
}
