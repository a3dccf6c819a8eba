/// What was decided about one job.
package struct BulkDecision: Sendable {
  package var verdict: JobVerdict
  package var plan: JobPlan?
  package var refusal: Failure?
  /// Of the new job.
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

/// How a job is to go on or to be repeated.
package enum JobPlan: Sendable {
  case redrive(StepPlan)
  case replay(StepPlan)

  package var steps: StepPlan {
    switch self {
    case .redrive(let steps), .replay(let steps): steps
    }
  }
}
