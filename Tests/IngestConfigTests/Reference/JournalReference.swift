/// The tables of `docs/journal.md`: the kinds of journal lines that the store writes, and the events of a job that are no
/// lines of the journal.
struct JournalReference {
  /// One kind of line.
  struct Kind {
    let name: String
    /// The transition that writes the line.
    let meaning: String
    /// The contents of the line's `data`.
    let data: String

    init(_ name: String, _ meaning: String, data: String = "") {
      self.name = name
      self.meaning = meaning
      self.data = data
    }
  }

  var topics = Self.all
  var events = Self.jobEvents
  /// The kinds that the store writes.
  var written: Set<String>
  /// The events of jobs that the store reports.
  var reported: Set<String>

  /// Reads the sources of the store.
  init(_ files: [String: SourceCalls] = SourceCalls.product.filter { $0.key.hasPrefix("Sources/IngestStore/") }) {
    let groups = files.values.flatMap(\.groups)
    // `tell` is the wrapper of `journal` for the ticks of a schedule.
    let calls = groups.filter { ["journal", "tell"].contains($0.callee.split(separator: ".").last) }
    let literals = calls.flatMap { $0.arguments[0].literals }.filter { !$0.isCompared }.map(\.text)
    let statements: [String] = files.values.flatMap(\.texts).filter { $0.contains("INSERT INTO journal") }
    let quoted: [Substring] = statements.flatMap { $0.split(separator: "'") }
    written = Set(literals + quoted.filter { Self.isKind($0) }.map { String($0) })
    reported = Set(
      groups.filter { $0.callee == "JobEvent" }
        .flatMap { $0.argument(labelled: "event")?.literals.map(\.text) ?? [] })
  }

  private static func isKind(_ text: Substring) -> Bool {
    text.utf8.allSatisfy { (97...122).contains($0) || $0 == UInt8(ascii: "-") }
  }

  /// Each difference between the tables and the store, as a sentence.
  var mistakes: [String] {
    let kinds = topics.flatMap { $0.kinds.map(\.name) }
    let lines = Set(kinds)
    let known = lines.union(events.map(\.name))
    var mistakes = written.subtracting(lines).sorted().map { "the kind \($0) has no entry in a JournalReference" }
    mistakes += lines.subtracting(written).sorted().map { "nothing writes a line of the kind \($0)" }
    mistakes += reported.subtracting(known).sorted().map { "the event \($0) has no entry in JournalReference" }
    mistakes += events.filter { !reported.contains($0.name) }.map { "nothing reports the event \($0.name)" }
    if kinds.count != lines.count { mistakes.append("a kind has two entries") }
    return mistakes
  }

  var lines: String {
    topics.map { topic in "\n### \(topic.title)\n\n" + Self.table(topic.kinds, heading: "kind") }.joined() + "\n"
  }

  var others: String { Self.table(events, heading: "event") }

  private static func table(_ kinds: [Kind], heading: String) -> String {
    "| \(heading) | meaning | `data` |\n| --- | --- | --- |\n"
      + kinds.map { "| `\($0.name)` | \($0.meaning) | \($0.data) |\n" }.joined()
  }
}
