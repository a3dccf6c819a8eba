import IngestCore
import IngestDocuments

/// The progress of parsing one document.
struct ParseProgress {
  /// The part of the progress that survives a crash.
  struct Cursor: Codable {
    var kind: String
    var title: String
    var pages: Int
    var total: Int?
    var characters: Int
    var parts: [ContentHash]
  }

  /// The number of parts that are then merged into one.
  static let partLimit = 64
  /// The longest time between two commits of the progress.
  private static let interval: Duration = .milliseconds(900)

  private(set) var kind = ""
  private(set) var title = ""
  /// The number of pages read, including earlier tries.
  private(set) var pages = 0
  private(set) var total: Int?
  private(set) var characters = 0
  var hashes: [ContentHash] = []
  /// The parts read in this try.
  private(set) var parts: [ParsedPart] = []
  /// Whether ``parts`` is the whole document.
  let isWhole: Bool
  private var pending: [ParsedPage] = []
  private let clock: any TimeSource
  private var savedAt: Int64

  init(cursor: String?, clock: any TimeSource) throws {
    self.clock = clock
    savedAt = clock.uptime
    isWhole = cursor == nil
    guard let cursor else { return }
    let kept = try StepJSON.decode(Cursor.self, cursor, what: "cursor")
    kind = kept.kind
    title = kept.title
    pages = kept.pages
    total = kept.total
    characters = kept.characters
    hashes = kept.parts
  }

  var nextPage: Int { pages + 1 }
  var hasPending: Bool { !pending.isEmpty }
  var isDue: Bool { clock.uptime - savedAt >= Self.interval.microseconds }
  var cursor: Cursor {
    Cursor(kind: kind, title: title, pages: pages, total: total, characters: characters, parts: hashes)
  }
  var result: ParseResult {
    ParseResult(parsed: kind, title: title, pages: pages, characters: characters, parts: hashes)
  }

  mutating func note(_ info: DocumentInfo) {
    kind = info.type.rawValue
    title = info.title.start(scalars: 500)
    total = info.pageCount
  }

  mutating func add(_ part: ParsedPart) {
    parts.append(part)
    pending += part.pages
    pages += part.pages.count
    for page in part.pages { characters += page.text.unicodeScalars.count }
  }

  mutating func takePending() -> ParsedPart {
    defer { pending = [] }
    savedAt = clock.uptime
    return ParsedPart(pages: pending)
  }
}
