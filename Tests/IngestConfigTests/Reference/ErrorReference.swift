import IngestCLI
import IngestCore

/// The tables of `docs/errors.md`: what the sources throw, joined with the words of the topics.
struct ErrorReference {
  var topics = ErrorTopic.all
  var thrown = ThrownCodes.product

  /// Each difference between the topics and the sources, as a sentence that says where to correct it.
  var mistakes: [String] {
    let entries = topics.flatMap(\.entries)
    var known: [String: ErrorEntry] = [:]
    var mistakes: [String] = []
    for entry in entries where known.updateValue(entry, forKey: entry.code) != nil {
      mistakes.append("\(entry.code) has two entries")
    }
    for (code, thrown) in thrown.codes.sorted(by: { $0.key < $1.key }) {
      guard let entry = known[code] else {
        mistakes.append("\(code) of \(thrown.files.sorted().joined(separator: " and ")) has no entry in an ErrorTopic")
        continue
      }
      if entry.kind != nil, !thrown.kinds.isEmpty { mistakes.append("\(code) names a kind, but the sources do too") }
      if entry.kind == nil, thrown.kinds.isEmpty { mistakes.append("\(code) needs a kind: the sources compute it") }
      if entry.cause.isEmpty || entry.cure.isEmpty { mistakes.append("\(code) needs a cause and a cure") }
    }
    mistakes += entries.filter { thrown.codes[$0.code] == nil }.map { "nothing throws \($0.code)" }
    mistakes += thrown.mentions.filter { thrown.codes[$0.code] == nil }.map {
      "\($0.code) of \($0.file) is thrown in a way that ThrownCodes does not understand"
    }
    return mistakes
  }

  var codes: String {
    topics.map { topic in
      let rows = topic.entries.map(row).joined()
      return "\n### \(topic.title)\n\n| code | what happened | what to do | kind | exit status | thrown in |\n"
        + "| --- | --- | --- | --- | --- | --- |\n\(rows)"
    }.joined() + "\n"
  }

  private func row(_ entry: ErrorEntry) -> String {
    let thrown = thrown.codes[entry.code] ?? ThrownCode()
    let kinds = Failure.Kind.allCases.filter(thrown.kinds.contains).map(\.rawValue).joined(separator: " or ")
    let exits = thrown.categories.map(\.exitStatus).sorted().map { "\($0)" }.joined(separator: " or ")
    let files = thrown.files.sorted().map { "[\(Self.name($0))](../\($0))" }.joined(separator: ", ")
    return
      "| `\(entry.code)` | \(entry.cause) | \(entry.cure) | \(entry.kind ?? kinds) | \(entry.exit ?? exits) | \(files) |\n"
  }

  private static func name(_ path: String) -> String {
    path.split(separator: "/").last.map { String($0.dropLast(".swift".count)) } ?? path
  }

  static var kinds: String {
    let rows = Failure.Kind.allCases.map { kind in
      let retryable = Failure(kind, code: "", "").retryable
      return "| `\(kind.rawValue)` | `\(retryable)` | \(kind.meaning) |\n"
    }
    return "| kind | `retryable` | meaning |\n| --- | --- | --- |\n" + rows.joined()
  }
}

extension Failure.Kind {
  fileprivate var meaning: String {
    switch self {
    case .transient:
      "A timeout, a lost connection or a busy resource. The step's retry policy tries again, and the dependency's circuit "
        + "breaker counts the failure."
    case .throttled: "A limit is reached. The job waits as long as it must and spends no attempt."
    case .unavailable: "A dependency is down or missing. The job waits for it and spends no attempt."
    case .permanent: "The same try would fail in the same way. The job becomes a dead letter at once."
    case .exhausted:
      "A quota is used up, or the provider refuses the key or the model. No document is at fault, so the jobs wait until a "
        + "person acts."
    case .poison: "A process died on this document. Several such deaths quarantine the content."
    case .cancelled: "Somebody cancelled the work."
    }
  }
}
