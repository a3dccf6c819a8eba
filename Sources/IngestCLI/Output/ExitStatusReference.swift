import IngestCore

/// The table of exit statuses, as `docs/errors.md` has it.
package enum ExitStatusReference {
  package static var markdown: String {
    var lines = ["| status | in short | meaning |", "| --- | --- | --- |"]
    lines.append("| 0 | done | The command did all of its work, or the reader closed its output early. |")
    lines += Failure.Category.allCases.map { "| \($0.exitStatus) | \($0.meaning) | \($0.reference) |" }
    lines += TerminationSignal.allCases.map {
      "| \($0.exitStatus) | stopped by \($0.name) | The signal ended the command at once. A command that stops in an "
        + "orderly way, such as `worker`, ends so only at the second signal. |"
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Failure.Category {
  fileprivate var reference: String {
    switch self {
    case .failed: "The command tried the work, and all or some of it failed."
    case .invalid: "The request is wrong: an option, a value, the configuration or a workflow file."
    case .notFound: "A named object does not exist: a job, a document, an index, a source or the data folder."
    case .refused: "A limit, a gate or the state of the object refuses the request."
    case .later: "The same command can succeed later, without any other change."
    }
  }
}

extension TerminationSignal {
  fileprivate var name: String {
    switch self {
    case .interrupt: "SIGINT"
    case .terminate: "SIGTERM"
    }
  }
}
