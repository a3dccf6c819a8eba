private import FoundationEssentials
package import IngestCore
private import IngestDigest

extension WorkflowDefinition {
  /// The whole definition, with defaults, as JSON with sorted keys and times in microseconds. It is equal for files
  /// that differ only in order, comments and white space. A change of its format gives every workflow a new version.
  package var canonicalForm: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(CanonicalWorkflow(self)), as: UTF8.self)
    } catch {
      // Only a number that JSON cannot express could fail, and the readers refuse infinities and NaN.
      preconditionFailure("a workflow's definition contains a number that JSON cannot express: \(error)")
    }
  }

  /// The SHA-256 of ``canonicalForm``. A job stays on the version with which it started.
  package var version: ContentHash { ContentHash(rawValue: SHA256.hash(canonicalForm)) }
}

private struct CanonicalWorkflow: Encodable {
  var name: String
  var description: String
  var deadline: Int64?
  var steps: [CanonicalStep]
  // Fields that were added later are omitted if they are not set, so that workflows without them keep their version.
  var onFailure: CanonicalStep?
  var singleton: Singleton?
  var debounce: CanonicalDebounce?

  enum CodingKeys: String, CodingKey {
    case name, description, steps, singleton, debounce
    case deadline = "deadline_us"
    case onFailure = "on_failure"
  }

  init(_ workflow: WorkflowDefinition) {
    name = workflow.name
    description = workflow.description
    deadline = workflow.deadline?.microseconds
    steps = workflow.steps.map(CanonicalStep.init)
    onFailure = workflow.onFailure.map(CanonicalStep.init)
    singleton = workflow.singleton
    debounce = workflow.debounce.map(CanonicalDebounce.init)
  }
}

private struct CanonicalDebounce: Encodable {
  var period: Int64
  var longest: Int64

  enum CodingKeys: String, CodingKey {
    case period = "period_us"
    case longest = "longest_us"
  }

  init(_ debounce: Debounce) {
    period = debounce.period.microseconds
    longest = debounce.longest.microseconds
  }
}

private struct CanonicalStep: Encodable {
  var id: String
  var uses: String
  var with: [String: Setting]
  var timeout: Int64
  var attempts: Int
  var first: Int64
  var factor: Double
  var maximum: Int64
  var jitter: RetryPolicy.Jitter
  var when: String?
  var throttle: RateSpec?
  var concurrency: Int?

  enum CodingKeys: String, CodingKey {
    case id, uses, with, when, throttle, concurrency
    case timeout = "timeout_us"
    case attempts = "retry_attempts"
    case first = "retry_first_us"
    case factor = "retry_factor"
    case maximum = "retry_max_us"
    case jitter = "retry_jitter"
  }

  init(_ step: StepDefinition) {
    id = step.id
    uses = step.uses
    with = step.with
    timeout = step.timeout.microseconds
    attempts = step.retry.attempts
    first = step.retry.first.microseconds
    factor = step.retry.factor
    maximum = step.retry.maximum.microseconds
    jitter = step.retry.jitter
    when = step.when
    throttle = step.throttle
    concurrency = step.concurrency
  }
}
