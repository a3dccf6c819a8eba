import IngestCore

/// How far a scan is, and its counts: its cursor while it runs, its result at the end. Both are stored as one flat object.
package struct ScanProgress: Codable, Hashable, Sendable {
  /// The ``ScanRoot/identity`` of the folder.
  var root: String
  /// The last path, or the last vanished document's uri, that is done.
  var after: String?
  var isWalked = false
  /// Documents that the folder holds.
  package private(set) var files = 0
  package private(set) var tally = SubmissionTally()

  private enum CodingKeys: String, CodingKey {
    case root, after, isWalked, files
  }

  init(root: String) { self.root = root }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    root = try values.decode(String.self, forKey: .root)
    after = try values.decodeIfPresent(String.self, forKey: .after)
    isWalked = try values.decode(Bool.self, forKey: .isWalked)
    files = try values.decode(Int.self, forKey: .files)
    tally = try SubmissionTally(from: decoder)
  }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(root, forKey: .root)
    try values.encodeIfPresent(after, forKey: .after)
    try values.encode(isWalked, forKey: .isWalked)
    try values.encode(files, forKey: .files)
    try tally.encode(to: encoder)
  }

  mutating func note(_ batch: Intake.Batch) {
    for line in batch.lines { note(line) }
    files += batch.items.count { if case .file = $0 { true } else { false } }
    // A name that is not text is refused on each run, which costs nothing.
    if let text = batch.items.last?.path?.text { after = text }
  }

  mutating func note(_ line: SubmissionLine) { tally.note(line) }
}

/// A walk that continues an earlier one: it leaves out everything up to a path, in the order of the walk.
struct ResumedSelection: IteratorProtocol {
  private var walk: FileSelection
  private let after: [ArraySlice<UInt8>]?

  init(_ walk: FileSelection, after: String?) {
    self.walk = walk
    self.after = after.map { Self.parts(FilePath($0)) }
  }

  mutating func next() -> SelectionItem? {
    while let item = walk.next() {
      // For a scan, an empty folder is a valid result.
      if case .refused(_, .noDocuments) = item { continue }
      if let after, let path = item.path, !Self.isAfter(Self.parts(path), after) { continue }
      return item
    }
    return nil
  }

  private static func parts(_ path: FilePath) -> [ArraySlice<UInt8>] { path.bytes.split(separator: FilePath.slash) }

  /// The walk visits names in the order of their bytes, and the content of a folder before the folder's next sibling.
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
