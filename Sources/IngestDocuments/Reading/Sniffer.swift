/// Detects the kind of a file from its content. The name decides only between Markdown and plain text, and only if the
/// content leaves it open.
package enum Sniffer {
  /// Number of a file's first bytes that detection uses.
  package static let prefixLength = 16 * 1024
  /// PDF readers search for the header within this many bytes, because mail gateways and scanners put bytes before it.
  private static let pdfHeaderWithin = 1024

  /// - Parameters:
  ///   - prefix: the first bytes; all of them if the file is short.
  ///   - name: a path or uri.
  package static func sniff(_ prefix: [UInt8], name: String = "") -> Sniffed {
    switch classify(prefix) {
    case .refused(let refusal): return refusal
    case .pdf: return .document(.pdf)
    case .text(.utf8), .text(.windows1252):
      return .document(MarkdownEvidence(prefix).decides(name: name) ? .markdown : .text)
    case .text: return .document(.text)
    }
  }

  /// Returns why the file cannot be read; nil if it can. It costs less than ``sniff(_:name:)``, which also
  /// distinguishes Markdown from plain text.
  package static func refusal(_ prefix: [UInt8]) -> Sniffed? {
    if case .refused(let refusal) = classify(prefix) { refusal } else { nil }
  }

  private enum Classification {
    case refused(Sniffed)
    case pdf
    case text(TextEncoding)
  }

  private static func classify(_ prefix: [UInt8]) -> Classification {
    guard !prefix.isEmpty else { return .refused(.empty) }
    if find("%PDF-", in: prefix[..<min(prefix.count, pdfHeaderWithin)]) { return .pdf }
    if let signature = signatures.first(where: { $0.matches(prefix) }) {
      return .refused(.unsupported(looksLike: signature.looksLike(prefix)))
    }
    guard let encoding = encoding(of: prefix) else { return .refused(.unsupported(looksLike: "binary data")) }
    if encoding == .utf8, isHTML(prefix) { return .refused(.unsupported(looksLike: "an HTML page")) }
    return .text(encoding)
  }

  /// Returns the encoding of a text; nil if the bytes are not text.
  package static func encoding(of prefix: [UInt8]) -> TextEncoding? {
    if prefix.starts(with: [0xFF, 0xFE]) { return .utf16LittleEndian }
    if prefix.starts(with: [0xFE, 0xFF]) { return .utf16BigEndian }
    var zeros = [0, 0]
    var controls = 0
    var high = 0
    prefix.withUnsafeBufferPointer { bytes in
      // In most texts every byte is plain, so only the first test runs.
      for (offset, byte) in bytes.enumerated() where byte < 0x20 || byte >= 0x80 {
        if byte == 0 { zeros[offset & 1] += 1 }
        if byte >= 0x80 { high += 1 }
        if byte < 0x20, !(0x08...0x0D).contains(byte), byte != 0x1B, byte != 0 { controls += 1 }
      }
    }
    // UTF-16 without a byte-order mark: Western text has a zero in every other byte, and only there.
    let half = prefix.count / 2
    if prefix.count >= 8, zeros[1] > half * 7 / 10, zeros[0] == 0 { return .utf16LittleEndian }
    if prefix.count >= 8, zeros[0] > half * 7 / 10, zeros[1] == 0 { return .utf16BigEndian }
    guard zeros == [0, 0], controls * 100 <= max(prefix.count, 100) else { return nil }
    if isUTF8(prefix) { return .utf8 }
    return high * 10 <= prefix.count * 4 ? .windows1252 : nil
  }

  /// Checks the bytes as UTF-8. The prefix may end in the middle of a character.
  private static func isUTF8(_ prefix: [UInt8]) -> Bool {
    var end = prefix.count
    var back = 0
    while back < 4, end > 0, prefix.count == prefixLength {
      end -= 1
      back += 1
      if prefix[end] & 0xC0 != 0x80 {
        let whole = back >= UTF8Length.ofScalar(startingWith: prefix[end])
        if whole { end = prefix.count }
        break
      }
    }
    return prefix.withUnsafeBufferPointer { String(validating: $0[..<end], as: UTF8.self) } != nil
  }

  private static func isHTML(_ prefix: [UInt8]) -> Bool {
    // Most texts do not begin with a tag and stop here.
    guard prefix.prefix(512).contains(UInt8(ascii: "<")) else { return false }
    let start = String(decoding: prefix.prefix(512), as: UTF8.self).lowercased().drop {
      $0.isWhitespace || $0 == "\u{FEFF}"
    }
    return start.hasPrefix("<!doctype html") || start.hasPrefix("<html")
  }

  private static func find(_ needle: StaticString, in bytes: ArraySlice<UInt8>) -> Bool {
    let needle = needle.withUTF8Buffer { Array($0) }
    guard bytes.count >= needle.count else { return false }
    let first = needle[0]
    return (bytes.startIndex...bytes.endIndex - needle.count).contains {
      bytes[$0] == first && bytes[$0...].starts(with: needle)
    }
  }

  private struct Signature: Sendable {
    var offset = 0
    var bytes: [UInt8]
    var name: String

    func matches(_ prefix: [UInt8]) -> Bool { prefix.dropFirst(offset).starts(with: bytes) }

    func looksLike(_ prefix: [UInt8]) -> String {
      guard name == "a ZIP archive" else { return name }
      for (mark, kind) in [("word/", "a Word document"), ("xl/", "an Excel workbook"), ("ppt/", "a PowerPoint file")] {
        if String(decoding: prefix, as: Unicode.ASCII.self).contains(mark) { return kind }
      }
      let text = String(decoding: prefix.prefix(200), as: Unicode.ASCII.self)
      if text.contains("epub+zip") { return "an EPUB book" }
      return text.contains("opendocument") ? "an OpenDocument file" : name
    }
  }

  private static let signatures: [Signature] = [
    .init(bytes: Array("PK\u{3}\u{4}".utf8), name: "a ZIP archive"),
    .init(bytes: Array("PK\u{5}\u{6}".utf8), name: "an empty ZIP archive"),
    .init(bytes: [0x89, 0x50, 0x4E, 0x47], name: "a PNG image"),
    .init(bytes: [0xFF, 0xD8, 0xFF], name: "a JPEG image"),
    .init(bytes: Array("GIF8".utf8), name: "a GIF image"),
    .init(bytes: Array("II*\0".utf8), name: "a TIFF image"),
    .init(bytes: Array("MM\0*".utf8), name: "a TIFF image"),
    .init(bytes: Array("RIFF".utf8), name: "a RIFF media file"),
    .init(offset: 4, bytes: Array("ftyp".utf8), name: "an MP4 media file"),
    .init(bytes: Array("OggS".utf8), name: "an Ogg media file"),
    .init(bytes: Array("ID3".utf8), name: "an MP3 file"),
    .init(bytes: [0x1F, 0x8B], name: "a gzip archive"),
    .init(bytes: Array("BZh".utf8), name: "a bzip2 archive"),
    .init(bytes: [0xFD, 0x37, 0x7A, 0x58, 0x5A], name: "an xz archive"),
    .init(bytes: [0x28, 0xB5, 0x2F, 0xFD], name: "a Zstandard archive"),
    .init(bytes: [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], name: "a 7-Zip archive"),
    .init(bytes: Array("Rar!".utf8), name: "a RAR archive"),
    .init(offset: 257, bytes: Array("ustar".utf8), name: "a tar archive"),
    .init(bytes: [0xD0, 0xCF, 0x11, 0xE0], name: "an old Office document"),
    .init(bytes: Array("{\\rtf".utf8), name: "an RTF document"),
    .init(bytes: Array("%!PS".utf8), name: "a PostScript file"),
    .init(bytes: [0x7F, 0x45, 0x4C, 0x46], name: "a program"),
    .init(bytes: [0x4D, 0x5A, 0x90], name: "a Windows program"),
    .init(bytes: Array("SQLite format 3".utf8), name: "an SQLite database"),
  ]
}
