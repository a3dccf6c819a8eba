import IngestCore

/// The message to the user's own steps, `exec` and `http`.
extension StepInput {
  /// The same key in every attempt of one step of one job, for programs and servers that must act only once.
  var idempotencyKey: String { "\(job):\(step)" }

  /// Returns the message as one JSON object.
  /// - Parameter content: the place of the document's bytes. Nil if the job has no document.
  func message(content: JSONValue?) -> JSONValue {
    let task = JSONValue(parsing: task) ?? .null
    var message: [String: JSONValue] = [
      "job": .text(job.rawValue), "step": .text(step), "attempt": .integer(attempt),
      "idempotency_key": .text(idempotencyKey), "task": task, "meta": task["meta"] ?? .object([:]),
      "results": .object(resultsByID.compactMapValues { JSONValue(parsing: $0) }),
      "cursor": cursor.flatMap { JSONValue(parsing: $0) } ?? .null, "content": content ?? .null,
    ]
    if let failure, let text = try? StepJSON.encode(failure) { message["failure"] = JSONValue(parsing: text) }
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

  /// The document's bytes. Nil if the task has none.
  var contentOfTask: (hash: ContentHash, size: Int)? {
    guard let task = try? documentTask(), let content = task.content else { return nil }
    return (content, task.size)
  }
}

/// The failure that a user's program or server reports in its output, beside its status.
struct ReportedFailure {
  var kind: Failure.Kind?
  var code: String?
  var message: String?
  var hint: String?
  var retryAfter: Duration?

  /// The kinds that a user's program or server may choose. Only the engine uses the others.
  static let kinds: [Failure.Kind] = [.transient, .permanent, .throttled, .unavailable, .exhausted]

  /// Reads the value of `error` in the output. Nil if there is none.
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

  /// Returns the failure with each reported field in place of its own.
  func over(_ failure: Failure) -> Failure {
    var merged = failure
    merged.kind = kind ?? failure.kind
    merged.code = code ?? failure.code
    merged.message = message ?? failure.message
    merged.hint = hint.map { Hint($0) } ?? failure.hint
    merged.retryAfter = retryAfter ?? failure.retryAfter
    return merged
  }
}
