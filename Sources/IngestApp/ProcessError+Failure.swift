package import IngestCore
package import IngestProcess

extension ProcessError: FailureConvertible {
  package var failure: Failure {
    switch self {
    case .spawn:
      Failure(
        .unavailable, code: "PROGRAM_NOT_STARTED", "\(description.capitalizedFirst).",
        hint: "Check that the program exists and is executable, and how many processes this user may have.")
    case .file(let path, _):
      Failure(
        .permanent, code: "FILE_UNUSABLE", "A file cannot be used: \(description.shortened(to: 400)).",
        hint: "Check the permissions of \(path.shortenedAtStart(to: 200)) and of the folder that it is in.")
    case .channel, .closed, .timedOut:
      Failure(.transient, code: "CHILD_LOST", "Talking to a child process failed: \(description).", hint: "Try again.")
    }
  }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
