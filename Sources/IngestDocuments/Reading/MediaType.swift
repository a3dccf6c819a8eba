/// The kinds of documents that are read here.
package enum MediaType: String, Codable, Hashable, Sendable, CaseIterable {
  case pdf = "application/pdf"
  case markdown = "text/markdown"
  case text = "text/plain"
}

/// How a text's bytes are to be read.
package enum TextEncoding: Hashable, Sendable {
  case utf8
  case utf16LittleEndian
  case utf16BigEndian
  /// What calls itself Latin-1 mostly is this.
  case windows1252
}

/// What a file is, by its first bytes.
package enum Sniffed: Hashable, Sendable {
  case empty
  case document(MediaType)
  /// Named for people: "a ZIP archive".
  case unsupported(looksLike: String)

  package var type: MediaType? {
    if case .document(let type) = self { type } else { nil }
  }
}
