package import IngestCore

/// The result of `job run`.
package struct RunResponse: Codable, Hashable, Sendable {
  package var job: String
  package var workflow: String
  package var state: JobState?
  package var outcome: EnqueueReceipt.Outcome

  package init(workflow: String, _ receipt: EnqueueReceipt) {
    self.workflow = workflow
    job = receipt.job.rawValue
    state = receipt.state
    outcome = receipt.outcome
  }
}
