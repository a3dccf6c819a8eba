import IngestCore

/// How far a scan is, and what it has met: its cursor while it runs, its result at the end.
package struct ScanProgress: Codable, Hashable, Sendable {
  /// Names the folder that this was seen in.
  var root: String
  /// The last path, or the last vanished document's uri, that is done.
  var after: String?
  var isWalked = false
  /// Documents that the folder holds.
  package private(set) var files = 0
  package private(set) var accepted = 0
  package private(set) var unchanged = 0
  package private(set) var duplicate = 0
  /// Of a dry run: new or changed.
  package private(set) var planned = 0
  package private(set) var skipped = 0
  package private(set) var refused = 0
  package private(set) var deleted = 0
  /// Why the first few were refused.
  package private(set) var failures: [String] = []

  private static let failuresKept = 5

  init(root: String) { self.root = root }

  mutating func note(_ batch: Intake.Batch) {
    for line in batch.lines { note(line) }
    files += batch.items.count { if case .file = $0 { true } else { false } }
    // A name that is no text is refused each time, which costs nothing.
    if let text = batch.items.last?.path?.text { after = text }
  }

  mutating func note(_ line: SubmissionLine) {
    switch line.outcome {
    case .answered(let receipt):
      switch receipt.outcome {
      case .accepted: accepted += 1
      case .unchanged: unchanged += 1
      case .duplicate: duplicate += 1
      // Another job of its key is open: the next scan submits it.
      case .skipped: skipped += 1
      }
    case .planned: planned += 1
    case .skipped: skipped += 1
    case .vanished: deleted += 1
    case .refused(let failure):
      refused += 1
      if failures.count < Self.failuresKept {
        failures.append("\(failure.code): \(failure.message)".start(scalars: 400))
      }
    }
  }
}

/// A walk that leaves out what an earlier one has done: all up to a path, in the order of the walk.
struct ResumedSelection: IteratorProtocol {
  private var walk: FileSelection
  private let after: [ArraySlice<UInt8>]?

  init(_ walk: FileSelection, after: String?) {
    self.walk = walk
    self.after = after.map { Self.parts(FilePath($0)) }
  }

  mutating func next() -> SelectionItem? {
    while let item = walk.next() {
      // An empty folder is an answer here, not a mistake.
      if case .refused(_, .noDocuments) = item { continue }
      if let after, let path = item.path, !Self.isAfter(Self.parts(path), after) { continue }
      return item
    }
    return nil
  }

  private static func parts(_ path: FilePath) -> [ArraySlice<UInt8>] { path.bytes.split(separator: FilePath.slash) }

  /// A folder's names are walked in the order of their bytes, and what is in a folder before its next sibling.
  private static func isAfter(_ path: [ArraySlice<UInt8>], _ last: [ArraySlice<UInt8>]) -> Bool {
    for (left, right) in zip(path, last) where left != right { return right.lexicographicallyPrecedes(left) }
    return path.count > last.count
  }
}

extension SelectionItem {
  /// Nil for standard input.
  var path: FilePath? {
    switch self {
    case .file(let file): file.path
    case .skipped(let path, _), .refused(let path, _): path
    case .standardInput: nil
    }
  }
}
