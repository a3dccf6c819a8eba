package import IngestCore

/// The finding of one check.
package struct DoctorFinding: Sendable, Hashable {
  package enum State: String, Codable, Sendable {
    case ok
    /// The checked thing works, but a person should read the finding.
    case warn
    case fail
  }

  package var check: String
  package var state: State
  package var message: String
  package var hint: Hint

  package static func ok(_ check: String, _ message: String) -> Self {
    .init(check: check, state: .ok, message: message, hint: "")
  }

  package static func warn(_ check: String, _ message: String, hint: Hint) -> Self {
    .init(check: check, state: .warn, message: message, hint: hint)
  }

  package static func fail(_ check: String, _ message: String, hint: Hint) -> Self {
    .init(check: check, state: .fail, message: message, hint: hint)
  }

  /// Makes the finding of a check that threw an error.
  package static func fail(_ check: String, _ error: any Error) -> Self {
    let failure = Failure(error)
    let causes = failure.causes.prefix(5).map { "; \($0.message)" }.joined()
    return fail(check, failure.message + causes, hint: failure.hint)
  }
}
