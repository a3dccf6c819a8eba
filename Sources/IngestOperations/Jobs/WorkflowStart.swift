package import IngestCore

/// A workflow that a caller wants to start by itself: without a document and without an index.
package struct WorkflowStart: Sendable {
  /// The workflow's name. The job stays on the version that the workflow has now.
  package var workflow: String
  /// JSON of at most ``EnqueueRequest/inputLimit`` bytes.
  package var input: String
  package var source: String
  /// −100…100; higher starts earlier.
  package var priority: Int
  /// The earliest start; nil means now.
  package var notBefore: Timestamp?
  package var idempotencyKey: String?
  /// Nil for the configured life.
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
  /// A start further from now than this counts as a mistake.
  private static let farthest: Duration = .seconds(3653 * 86_400)

  /// Checks what can be checked without a data folder.
  /// - Throws: `NAME_INVALID`, `INPUT_INVALID`, `INPUT_TOO_LARGE`, `KEY_MISSING`, `START_TOO_FAR`.
  package func check(now: Timestamp) throws {
    try NameRule.checkSource(source)
    if idempotencyKey == nil, keyLife != nil { throw Failure.keyMissing }
    let size = input.utf8.count
    guard size <= EnqueueRequest.inputLimit else {
      throw Failure(
        .permanent, code: "INPUT_TOO_LARGE", "The input has \(size) bytes; the limit is \(EnqueueRequest.inputLimit).",
        hint: "Put large things into a file and give its path.", category: .refused)
    }
    guard JSONValue(parsing: input) != nil else {
      throw Failure(
        .permanent, code: "INPUT_INVALID", "The input is not JSON.",
        hint: "An object is {\"day\": 1}; a text needs quotes.", category: .invalid)
    }
    if let notBefore, notBefore > now + Self.farthest {
      throw Failure(
        .permanent, code: "START_TOO_FAR", "The job would start more than ten years from now.",
        hint: "Check the time.", category: .invalid)
    }
  }
}

extension Failure {
  /// The failure of a request that gives the lifetime of an idempotency key without a key.
  static var keyMissing: Failure {
    Failure(
      .permanent, code: "KEY_MISSING", "The lifetime of an idempotency key was given without a key.",
      hint: "Give \(option: "key") as well.", category: .invalid)
  }
}
