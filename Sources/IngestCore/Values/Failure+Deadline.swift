extension Failure {
  /// The failure of a job that ran past its workflow's `deadline`.
  package static var deadlinePassed: Failure {
    Failure(
      .permanent, code: "DEADLINE_PASSED", "The job did not end within its workflow's deadline.",
      hint: "Raise `deadline` in the workflow, then \(Action(.deadRedrive)).")
  }
}
