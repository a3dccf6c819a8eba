private import CPoppler

/// The headings that the document's outline lists.
struct PDFOutline {
  struct Entry {
    var title: String
    /// The folded form of ``title``; see ``OutlineKey``.
    var key: [UInt8]
    /// From 1 to 6.
    var level: Int
    /// Distance from the top of the page in points; nil if the entry does not say.
    var top: Double?
  }

  /// Maximum number of entries: an outline can be a decompression bomb, too.
  private static let limit = 50_000
  private static let depth = 32

  private var pages: [Int: [Entry]] = [:]
  private var count = 0

  init(_ document: OpaquePointer) {
    guard let root = poppler_index_iter_new(document) else { return }
    defer { poppler_index_iter_free(root) }
    read(root, document, level: 1)
  }

  /// Whether the outline replaces detection. A short one ("Cover", "Contents") does not make up for headings that are
  /// only printed.
  var isTrusted: Bool { count >= 3 }

  /// Returns the entries of a page in the outline's order. `height` converts PDF's upward coordinates to ours.
  func entries(onPage number: Int, height: Double) -> [Entry] {
    guard let found = pages[number] else { return [] }
    return found.map { entry in
      var entry = entry
      entry.top = entry.top.map { height - $0 }
      return entry
    }
  }

  private mutating func read(_ iterator: OpaquePointer, _ document: OpaquePointer, level: Int) {
    repeat {
      guard count < Self.limit else { return }
      if let action = poppler_index_iter_get_action(iterator) {
        add(action, document, level: level)
        poppler_action_free(action)
      }
      if level < Self.depth, let child = poppler_index_iter_get_child(iterator) {
        read(child, document, level: level + 1)
        poppler_index_iter_free(child)
      }
    } while poppler_index_iter_next(iterator) != 0
  }

  private mutating func add(_ action: UnsafeMutablePointer<PopplerAction>, _ document: OpaquePointer, level: Int) {
    guard action.pointee.type == POPPLER_ACTION_GOTO_DEST, let destination = action.pointee.goto_dest.dest else {
      return
    }
    guard let raw = action.pointee.any.title else { return }
    let title = String(String(cString: raw).split(whereSeparator: \.isWhitespace).joined(separator: " "))
    guard !title.isEmpty else { return }
    var page = Int(destination.pointee.page_num)
    var top: Double? = destination.pointee.change_top != 0 ? destination.pointee.top : nil
    if destination.pointee.type == POPPLER_DEST_NAMED {
      guard let found = poppler_document_find_dest(document, destination.pointee.named_dest) else { return }
      page = Int(found.pointee.page_num)
      top = found.pointee.change_top != 0 ? found.pointee.top : nil
      poppler_dest_free(found)
    }
    guard page > 0 else { return }
    count += 1
    pages[page, default: []].append(
      Entry(title: title, key: OutlineKey.fold(Array(title.utf8)), level: min(level, 6), top: top))
  }
}

/// The common form of different spellings of a heading: letters and digits without case. Bytes that are not ASCII stay
/// unchanged.
enum OutlineKey {
  static func fold(_ text: some Collection<UInt8>) -> [UInt8] {
    var key: [UInt8] = []
    key.reserveCapacity(text.count)
    for byte in text {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): key.append(byte | 0x20)
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...: key.append(byte)
      default: break
      }
    }
    return key
  }
}
