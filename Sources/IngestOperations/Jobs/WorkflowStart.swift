package import IngestCore

/// A workflow that a caller wants to start by itself: without a document and without an index.
package struct WorkflowStart: Sendable {
  /// By its name; the job stays on the version of now.
  package var workflow: String
  /// JSON of at most ``EnqueueRequest/inputLimit`` bytes.
  package var input: String
  package var source: String
  /// −100…100; higher starts earlier.
  package var priority: Int
  /// Not before this time; nil means now.
  package var notBefore: Timestamp?
  package var idempotencyKey: String?
  /// Nil for the configured one.
  package var keyLife: Duration?

  package init(
    workflow: String, input: String = "{}", source: String = "default", priority: Int = 0,
    notBefore: Timestamp? = nil, idempotencyKey: String? = nil, keyLife: Duration? = nil
  ) {
    self.workflow = workflow
    self.input = input
    self.source = source
    self.priority = priority
    self.notBefore = notBefore
    self.idempotencyKey = idempotencyKey
    self.keyLife = keyLife
  }
}

extension WorkflowStart {
  /// A start further from now than this is taken for a mistake.
  private static let farthest: Duration = .seconds(3653 * 86_400)

  /// Checks what can be checked without a data folder.
  /// - Throws: `NAME_INVALID`, `INPUT_INVALID`, `INPUT_TOO_LARGE`, `KEY_MISSING`, `START_TOO_FAR`.
  package func check(now: Timestamp) throws {
    try NameRule.checkSource(source)
    if idempotencyKey == nil, keyLife != nil { throw Failure.keyMissing }
    let size = input.utf8.count
    guard size <= EnqueueRequest.inputLimit else {
      throw Failure(
        .permanent, code: "INPUT_TOO_LARGE", "The input is \(size) bytes; \(EnqueueRequest.inputLimit) is the most.",
        hint: "Put large things into a file and give its path.", category: .refused)
    }
    guard JSONValue(parsing: input) != nil else {
      throw Failure(
        .permanent, code: "INPUT_INVALID", "The input is no JSON.",
        hint: "An object is {\"day\": 1}; text stands in quotes.", category: .invalid)
    }
    if let notBefore, notBefore > now + Self.farthest {
      throw Failure(
        .permanent, code: "START_TOO_FAR", "The job would start more than ten years from now.",
        hint: "Check the time.", category: .invalid)
    }
  }
}

extension Failure {
  /// A life was given for an idempotency key, and no key.
  static var keyMissing: Failure {
    Failure(
      .permanent, code: "KEY_MISSING", "The life of an idempotency key was given, and no key.",
      hint: "Give \(option: "key") as well.", category: .invalid)
  }
}
