package import IngestCore

/// The reason why the configuration or a secret cannot be loaded.
package enum ConfigurationError: Error, Hashable, Sendable {
  /// Fix these mistakes. Never empty.
  case invalid([Diagnostic])
  /// The named file does not exist: name another.
  case missing(file: String)
  /// Let this process read the file.
  case unreadable(file: String, reason: String)
  /// Put the key in the place that the configuration names.
  case noSecret(SecretSource, reason: String)
}

extension ConfigurationError: FailureConvertible {
  package var failure: Failure {
    switch self {
    case .invalid(let diagnostics):
      let count = diagnostics.count == 1 ? "1 mistake" : "\(diagnostics.count) mistakes"
      return Failure(
        .permanent, code: "CONFIG_INVALID", "The configuration has \(count).",
        hint: "See docs/configuration.md for all keys.", category: .invalid,
        causes: diagnostics.map { $0.failure(code: "CONFIG_INVALID") })
    case .missing(let file):
      return Failure(
        .permanent, code: "CONFIG_NOT_FOUND", "There is no configuration file at \(file).",
        hint: "Check the path. Without a file the defaults apply.", category: .notFound)
    case .unreadable(let file, let reason):
      return Failure(
        .permanent, code: "CONFIG_UNREADABLE", "The configuration file \(file) cannot be read: \(reason).",
        hint: "Check its permissions.")
    case .noSecret(.environment(let name), let reason):
      return Failure(
        .permanent, code: "SECRET_MISSING", "The environment variable \(name) \(reason).",
        hint: "Set the variable to the key, or name another variable in api-key-env.", category: .invalid)
    case .noSecret(.file(let path), let reason):
      return Failure(
        .permanent, code: "SECRET_MISSING", "The file \(path) \(reason).",
        hint: "Put the key into the file, or name another file in api-key-file.", category: .invalid)
    }
  }
}
