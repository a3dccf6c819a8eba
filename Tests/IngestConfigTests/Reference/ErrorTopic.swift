/// The error codes of one topic, with their cause and cure, for `docs/errors.md`.
///
/// A new code needs an entry in one of the topics. `ErrorReferenceTests` compares the entries with the codes that the sources
/// throw, and takes kind and exit status from there.
struct ErrorTopic {
  let title: String
  let entries: [ErrorEntry]

  init(_ title: String, _ entries: [ErrorEntry]) {
    self.title = title
    self.entries = entries
  }

  static let all: [ErrorTopic] = [
    commandLine, data, configuration, files, documents, embedders, indexes, jobs, limits, workflows, schedules,
    simulation,
  ]
}

/// One error code in plain English.
struct ErrorEntry {
  let code: String
  /// What happened.
  let cause: String
  /// What to do.
  let cure: String
  /// The kind, for a code whose kind is computed and so cannot be read from the sources.
  let kind: String?
  /// The exit status, for a code that the command line does not report as a failure.
  let exit: String?

  init(_ code: String, _ cause: String, _ cure: String, kind: String? = nil, exit: String? = nil) {
    self.code = code
    self.cause = cause
    self.cure = cure
    self.kind = kind
    self.exit = exit
  }
}
