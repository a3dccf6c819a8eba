/// What went wrong, to what, and what to do about it: the one shape in which every module reports a failure.
///
/// Modules keep error enums of their own and convert by ``FailureConvertible``; the store, the command line and the API
/// speak only this.
package struct Failure: Error, Hashable, Sendable {
  /// What happens next, decided by whoever saw the failure, never read from its text.
  package enum Kind: String, Codable, Sendable, CaseIterable {
    /// Timeout, connection lost, busy: retried by the step's policy and counted by the breaker.
    case transient
    /// A limit of the other side: waits as long as it says, spends no attempt.
    case throttled
    /// The dependency is down or missing: waits for it, spends no attempt.
    case unavailable
    /// Bad input: the same try would fail the same way, so the job is a dead letter at once.
    case permanent
    /// Out of quota or budget, or a provider that refuses the key or the model: no document is at fault, so nothing dies
    /// of it; everything waits until a person acts.
    case exhausted
    /// A process died on this document: counted by content hash, then quarantined.
    case poison
    /// Somebody asked for it.
    case cancelled
  }

  /// How a front door answers: the command line's exit status, later the API's.
  package enum Category: String, Codable, Sendable {
    /// It was tried and failed (exit 1).
    case failed
    /// The request itself is wrong (exit 2).
    case invalid
    /// What was named does not exist (exit 3).
    case notFound
    /// A gate or limit said no (exit 4).
    case refused
    /// The same request can succeed later (exit 75).
    case later
  }

  /// Whether it concerns one item or all of them. The code that throws the failure decides it.
  package enum Scope: Hashable, Sendable {
    /// This item; the next one may well succeed.
    case item
    /// Whatever comes next: the disk is full, or the database cannot be written.
    case everyone
  }

  /// Why, for callers that go on in another way after this failure. A caller compares this and never ``code``.
  package enum Reason: Hashable, Sendable {
    case documentNotFound, jobNotFound, deadLetterNotFound
    /// The submit came too soon.
    case rateLimited
    /// The generation lacks documents that live holds.
    case swapLacking
    /// The schedule's single time is over.
    case timePassed
    /// Checkpoints that a replay would need are gone.
    case checkpointsCollected
    /// The worker was taken for dead.
    case workerUnknown
    /// Stored bytes are missing or damaged.
    case blobLost
    /// Nobody knows whether the commit took place.
    case outcomeUnknown
    /// The embedder or its provider, whatever the text was.
    case embedder
    /// No limit ever lets a call of this size through.
    case callTooLarge
  }

  package var kind: Kind
  package var category: Category
  /// Neither stored nor printed: it matters while the failure is handled. A stored failure has ``Scope/item``.
  package var scope: Scope
  /// Neither stored nor printed, as ``scope``.
  package var reason: Reason?
  /// Stable, `SCREAMING_SNAKE`.
  package var code: String
  /// What happened and to what, in one sentence.
  package var message: String
  /// What to do next; empty where nothing can be done.
  package var hint: Hint
  /// For ``Kind/throttled`` and ``Kind/unavailable``: when the other side wants to be asked again.
  package var retryAfter: Duration?
  /// For ``Kind/throttled`` and ``Kind/unavailable``: the dependency whose gate the job waits at, if it has one.
  package var dependency: String?
  package var step: String?
  package var attempt: Int?
  /// What lay beneath, nearest first.
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

  /// The same failure, with what failed besides as its last cause.
  package func joined(by other: Failure) -> Failure {
    var copy = self
    copy.causes.append(other)
    return copy
  }

  /// The same failure, told of a step's attempt.
  package func during(step: String, attempt: Int) -> Failure {
    var copy = self
    copy.step = step
    copy.attempt = attempt
    return copy
  }
}

/// An error that knows how it is told.
package protocol FailureConvertible: Error {
  var failure: Failure { get }
}

extension Failure: FailureConvertible {
  package var failure: Failure { self }

  /// Any error as a failure; one of unknown origin is ``Kind/transient``, since a try more costs little and a lost
  /// document much.
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
