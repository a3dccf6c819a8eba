package import IngestCore

extension Hint {
  /// The hint with its actions written as commands and its options as flags.
  package var commandLine: String { text(\.commandLine, option: \.commandLine) }
}

extension Action {
  /// The command to type, such as `ingestd index verify docs --repair`.
  package var commandLine: String {
    (["ingestd", name.rawValue] + subjects + options.map(\.commandLine)).joined(separator: " ")
  }
}

extension Action.Option {
  /// The flag to type, such as `--repair`, `--generation 3` or `-h`.
  package var commandLine: String { (name.count == 1 ? "-" : "--") + name + (value.map { " " + $0 } ?? "") }
}
