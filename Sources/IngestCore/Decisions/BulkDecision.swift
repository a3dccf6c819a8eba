/// The decision about one job.
package struct BulkDecision: Sendable {
  package var verdict: JobVerdict
  package var plan: JobPlan?
  package var refusal: Failure?
  /// The id of the new job.
  package var replay: String?

  package init(_ verdict: JobVerdict, plan: JobPlan? = nil) {
    self.verdict = verdict
    self.plan = plan
  }

  package init(_ refusal: Failure) {
    verdict = .refused
    self.refusal = refusal
  }
}

/// The plan to continue or to repeat a job.
package enum JobPlan: Sendable {
  case redrive(StepPlan)
  case replay(StepPlan)

  package var steps: StepPlan {
    switch self {
    case .redrive(let steps), .replay(let steps): steps
    }
  }
}
