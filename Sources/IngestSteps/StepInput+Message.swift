import IngestCore

/// What the user's own steps are told, whichever way.
extension StepInput {
  /// The same in every attempt of one step of one job: for whoever must do things once.
  var idempotencyKey: String { "\(job):\(step)" }

  /// One JSON object.
  /// - Parameter content: where the document's bytes are, if the job has a document.
  func message(content: JSONValue?) -> JSONValue {
    let task = JSONValue(parsing: task) ?? .null
    var message: [String: JSONValue] = [
      "job": .text(job.rawValue), "step": .text(step), "attempt": .integer(attempt),
      "idempotency_key": .text(idempotencyKey), "task": task, "meta": task["meta"] ?? .object([:]),
      "results": .object(resultsByID.compactMapValues { JSONValue(parsing: $0) }),
      "cursor": cursor.flatMap { JSONValue(parsing: $0) } ?? .null, "content": content ?? .null,
    ]
    if let failure, let told = try? StepJSON.encode(failure) { message["failure"] = JSONValue(parsing: told) }
    return .object(message)
  }

  func texts(_ name: String) -> [String] {
    guard case .list(let entries)? = with[name] else { return [] }
    return entries.compactMap { if case .text(let text) = $0 { text } else { nil } }
  }

  func textMap(_ name: String) -> [String: String] {
    guard case .map(let entries)? = with[name] else { return [:] }
    return entries.compactMapValues { if case .text(let text) = $0 { text } else { nil } }
  }

  /// The bytes that the task is about; nil for a task without any.
  var contentOfTask: (hash: ContentHash, size: Int)? {
    guard let task = try? documentTask(), let content = task.content else { return nil }
    return (content, task.size)
  }
}

/// What a program or server of the user's says of a failure of its own, beside its status.
struct ToldFailure {
  var kind: Failure.Kind?
  var code: String?
  var message: String?
  var hint: String?
  var retryAfter: Duration?

  /// Kinds that the user's own steps may choose: the others are the engine's.
  static let kinds: [Failure.Kind] = [.transient, .permanent, .throttled, .unavailable, .exhausted]

  /// The value at `error` of what it answered; nil where there is none.
  init?(_ answer: JSONValue?) {
    guard case .object(let error)? = answer?["error"] else { return nil }
    func text(_ key: String, most: Int) -> String? {
      guard case .text(let text)? = error[key], !text.isEmpty else { return nil }
      return String(text.unicodeScalars.prefix(most).reduce(into: "") { $0.unicodeScalars.append($1) })
    }
    kind = text("kind", most: 20).flatMap(Failure.Kind.init).flatMap { Self.kinds.contains($0) ? $0 : nil }
    code = text("code", most: 64).flatMap { Self.isCode($0) ? $0 : nil }
    message = text("message", most: 1000)
    hint = text("hint", most: 500)
    switch error["retry_after_ms"] {
    case .integer(let value)? where value >= 0: retryAfter = .milliseconds(min(value, 366 * 86_400_000))
    default: retryAfter = nil
    }
  }

  private static func isCode(_ text: String) -> Bool {
    text.utf8.allSatisfy {
      (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        || $0 == UInt8(ascii: "_")
    }
  }

  /// What it says, over what is known without it.
  func over(_ failure: Failure) -> Failure {
    var told = failure
    told.kind = kind ?? failure.kind
    told.code = code ?? failure.code
    told.message = message ?? failure.message
    told.hint = hint.map { Hint($0) } ?? failure.hint
    told.retryAfter = retryAfter ?? failure.retryAfter
    return told
  }
}
