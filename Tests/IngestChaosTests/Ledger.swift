import IngestTestKit

/// What one actor asked for and was told, of documents that nobody else touches: kept outside the system, to be compared
/// with it in the end.
struct Ledger {
  struct Version: Hashable {
    /// Nil is a delete. The word occurs in no other version of any document.
    var word: String?
  }

  struct Entry {
    /// In every version of the document, and in no other document.
    var mark: String
    var source: String
    /// What was acknowledged last; nil before the first.
    var told: (revision: Int, version: Version)?
    /// What was asked for since by programs that were killed: each may have taken place or not.
    var unknown: [Version] = []
    /// The words of all versions ever asked for.
    var words: [String] = []
    /// Whether live held a version of it once, and nothing has asked for its end since: from then on it never vanishes.
    var wasHeld = false
  }

  /// By uri.
  private(set) var entries: [String: Entry] = [:]

  mutating func ask(_ uri: String, mark: String, source: String, word: String) {
    entries[uri, default: Entry(mark: mark, source: source)].words.append(word)
  }

  /// - Returns: what is wrong with the revision that was told, if anything.
  mutating func acknowledge(_ uri: String, revision: Int, word: String?) -> String? {
    guard var entry = entries[uri] else { return "\(uri) was acknowledged and never asked for" }
    let lowest = (entry.told?.revision ?? 0) + 1
    let highest = lowest + entry.unknown.count
    entry.told = (revision, Version(word: word))
    entry.unknown = []
    entries[uri] = entry
    guard !(lowest...highest).contains(revision) else { return nil }
    return "\(uri) took revision \(revision) instead of \(lowest)...\(highest)"
  }

  /// The program that asked was killed.
  mutating func leaveUnknown(_ uri: String, word: String?) { entries[uri]?.unknown.append(Version(word: word)) }

  mutating func noteHeld(_ uri: String) { entries[uri]?.wasHeld = true }

  mutating func merge(_ other: Ledger) { entries.merge(other.entries) { first, _ in first } }

  /// Whether content can be found for certain.
  func isThere(_ uri: String) -> Bool {
    guard let entry = entries[uri], entry.told?.version.word != nil else { return false }
    return entry.unknown.allSatisfy { $0.word != nil }
  }
}
