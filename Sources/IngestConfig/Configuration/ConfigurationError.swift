package import IngestCore

/// Why no configuration can be had.
package enum ConfigurationError: Error, Hashable, Sendable {
  /// Mend these. Never empty.
  case invalid([Diagnostic])
  /// The file that was named is not there: name another.
  case missing(file: String)
  /// Let this process read it.
  case unreadable(file: String, reason: String)
  /// Put the key where the configuration says it is.
  case noSecret(SecretSource, reason: String)
}

extension ConfigurationError: FailureConvertible {
  package var failure: Failure {
    switch self {
    case .invalid(let diagnostics):
      let count = diagnostics.count == 1 ? "1 mistake" : "\(diagnostics.count) mistakes"
      return Failure(
        .permanent, code: "CONFIG_INVALID", "The configuration has \(count).",
        hint: "docs/configuration.md lists every key.", category: .invalid,
        causes: diagnostics.map { $0.failure(code: "CONFIG_INVALID") })
    case .missing(let file):
      return Failure(
        .permanent, code: "CONFIG_NOT_FOUND", "There is no configuration file at \(file).",
        hint: "Check the path; without a file the defaults hold.", category: .notFound)
    case .unreadable(let file, let reason):
      return Failure(
        .permanent, code: "CONFIG_UNREADABLE", "The configuration file \(file) cannot be read: \(reason).",
        hint: "Check its permissions.")
    case .noSecret(.environment(let name), let reason):
      return Failure(
        .permanent, code: "SECRET_MISSING", "The environment variable \(name) \(reason).",
        hint: "Set it to the key, or name another variable in api-key-env.", category: .invalid)
    case .noSecret(.file(let path), let reason):
      return Failure(
        .permanent, code: "SECRET_MISSING", "The file \(path) \(reason).",
        hint: "Put the key into it, or name another file in api-key-file.", category: .invalid)
    }
  }
}
