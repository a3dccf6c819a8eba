/// The kinds of documents that can be read.
package enum MediaType: String, Codable, Hashable, Sendable, CaseIterable {
  case pdf = "application/pdf"
  case markdown = "text/markdown"
  case text = "text/plain"
}

/// The encoding of a text's bytes.
package enum TextEncoding: Hashable, Sendable {
  case utf8
  case utf16LittleEndian
  case utf16BigEndian
  /// Text that calls itself Latin-1 is mostly in this encoding.
  case windows1252
}

/// The kind of a file according to its first bytes.
package enum Sniffed: Hashable, Sendable {
  case empty
  case document(MediaType)
  /// The kind in words for people: "a ZIP archive".
  case unsupported(looksLike: String)
}
