/// A failure: what went wrong, to what, and what to do about it. Every module reports failures in this one form.
///
/// Modules have error enums of their own and convert them through ``FailureConvertible``. The store, the command line
/// and the API use only this type.
package struct Failure: Error, Hashable, Sendable {
  /// The kind of failure, which decides what happens next. The code that saw the failure chooses it; nobody reads it
  /// from the text.
  package enum Kind: String, Codable, Sendable, CaseIterable {
    /// Timeout, connection lost, busy. The step's policy retries it and the breaker counts it.
    case transient
    /// A limit of the other side. The job waits as long as the other side asks and spends no attempt.
    case throttled
    /// The dependency is down or missing. The job waits for it and spends no attempt.
    case unavailable
    /// Bad input. The same try would fail in the same way, so the job becomes a dead letter at once.
    case permanent
    /// Out of quota or budget, or the provider refuses the key or the model. No document caused it, so no job becomes a
    /// dead letter; all wait until a person acts.
    case exhausted
    /// A process died on this document. Deaths are counted by content hash; enough of them lead to quarantine.
    case poison
    /// Somebody asked to cancel the work.
    case cancelled
  }

  /// How a front door reports the failure: the exit status of the command line, later the status of the API.
  package enum Category: String, Codable, Sendable, CaseIterable {
    /// The work was tried and failed (exit 1).
    case failed
    /// The request itself is wrong (exit 2).
    case invalid
    /// The named object does not exist (exit 3).
    case notFound
    /// A gate or a limit refused the request (exit 4).
    case refused
    /// The same request can succeed later (exit 75).
    case later
  }

  /// Whether the failure concerns one item or all of them. The code that throws the failure decides it.
  package enum Scope: Hashable, Sendable {
    /// This item only; the next one may succeed.
    case item
    /// Every following item too: the disk is full, or the database cannot be written.
    case everyone
  }

  /// The reason, for callers that handle this failure in their own way. They compare this, never ``code``.
  package enum Reason: Hashable, Sendable {
    case documentNotFound, jobNotFound, deadLetterNotFound
    /// The submit exceeded a rate limit.
    case rateLimited
    /// The generation lacks documents that the live one holds.
    case swapLacking
    /// The schedule's single time has passed.
    case timePassed
    /// Checkpoints that a replay would need are gone.
    case checkpointsCollected
    /// Other workers consider this worker dead.
    case workerUnknown
    /// Stored bytes are missing or damaged.
    case blobLost
    /// It is unknown whether the commit took place.
    case outcomeUnknown
    /// The embedder or its provider failed, for a cause other than the text.
    case embedder
    /// The call is larger than any limit ever lets through.
    case callTooLarge
  }

  package var kind: Kind
  package var category: Category
  /// Used only while the failure is handled: neither stored nor printed. A stored failure has ``Scope/item``.
  package var scope: Scope
  /// Neither stored nor printed, like ``scope``.
  package var reason: Reason?
  /// Stable, `SCREAMING_SNAKE`.
  package var code: String
  /// One sentence: what happened, and to what.
  package var message: String
  /// Advice on what to do next; empty if nothing can be done.
  package var hint: Hint
  /// For ``Kind/throttled`` and ``Kind/unavailable``: the time until the other side wants the next request.
  package var retryAfter: Duration?
  /// For ``Kind/throttled`` and ``Kind/unavailable``: the dependency whose gate the job waits for, if any.
  package var dependency: String?
  package var step: String?
  package var attempt: Int?
  /// The underlying failures, the nearest first.
  package var causes: [Failure]

  package init(
    _ kind: Kind, code: String, _ message: String, hint: Hint = "", category: Category = .failed,
    scope: Scope = .item, reason: Reason? = nil, retryAfter: Duration? = nil, causes: [Failure] = []
  ) {
    self.kind = kind
    self.category = category
    self.scope = scope
    self.reason = reason
    self.code = code
    self.message = message
    self.hint = hint
    self.retryAfter = retryAfter
    self.causes = causes
  }

  /// Whether the same try can succeed without anybody changing anything.
  package var retryable: Bool {
    switch kind {
    case .transient, .throttled, .unavailable, .poison: true
    case .permanent, .exhausted, .cancelled: false
    }
  }

  /// Returns the same failure with another one, which happened in addition, as its last cause.
  package func joined(by other: Failure) -> Failure {
    var copy = self
    copy.causes.append(other)
    return copy
  }

  /// Returns the same failure with the step and the attempt in which it happened.
  package func during(step: String, attempt: Int) -> Failure {
    var copy = self
    copy.step = step
    copy.attempt = attempt
    return copy
  }
}

/// An error that converts itself to a ``Failure``.
package protocol FailureConvertible: Error {
  var failure: Failure { get }
}

extension Failure: FailureConvertible {
  package var failure: Failure { self }

  /// Converts any error. One of unknown origin becomes ``Kind/transient``, because one more try costs little and a lost
  /// document costs much.
  package init(_ error: any Error) {
    switch error {
    case let known as any FailureConvertible: self = known.failure
    case is CancellationError: self = .init(.cancelled, code: "CANCELLED", "The work was cancelled.", scope: .everyone)
    default: self = .init(.transient, code: "UNEXPECTED", "Unexpected error: \(error)")
    }
  }
}

extension Failure: Codable {
  private enum Key: String, CodingKey {
    case kind, category, code, message, hint, retryable, dependency, step, attempt, causes
    case retryAfter = "retry_after_ms"
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    kind = try values.decode(Kind.self, forKey: .kind)
    scope = .item
    reason = nil
    category = try values.decodeIfPresent(Category.self, forKey: .category) ?? .failed
    code = try values.decode(String.self, forKey: .code)
    message = try values.decode(String.self, forKey: .message)
    hint = try values.decodeIfPresent(Hint.self, forKey: .hint) ?? ""
    retryAfter = try values.decodeIfPresent(Int64.self, forKey: .retryAfter).map { .milliseconds($0) }
    dependency = try values.decodeIfPresent(String.self, forKey: .dependency)
    step = try values.decodeIfPresent(String.self, forKey: .step)
    attempt = try values.decodeIfPresent(Int.self, forKey: .attempt)
    causes = try values.decodeIfPresent([Failure].self, forKey: .causes) ?? []
  }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(kind, forKey: .kind)
    try values.encode(category, forKey: .category)
    try values.encode(code, forKey: .code)
    try values.encode(message, forKey: .message)
    try values.encode(hint, forKey: .hint)
    try values.encode(retryable, forKey: .retryable)
    try values.encodeIfPresent(retryAfter?.milliseconds, forKey: .retryAfter)
    try values.encodeIfPresent(dependency, forKey: .dependency)
    try values.encodeIfPresent(step, forKey: .step)
    try values.encodeIfPresent(attempt, forKey: .attempt)
    try values.encode(causes, forKey: .causes)
  }
}
