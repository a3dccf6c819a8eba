import Glibc
package import IngestProcess

/// A document to be read.
package struct InputDocument: Sendable {
  package enum Content: Sendable {
    case bytes([UInt8])
    /// An open regular file, read from its start.
    case file(Descriptor)
  }

  /// A path or uri, used in messages and to choose between Markdown and plain text.
  package var name: String
  package var content: Content
  package var password: [UInt8]?

  package init(name: String, content: Content, password: [UInt8]? = nil) {
    self.name = name
    self.content = content
    self.password = password
  }
}

/// A reader of documents of every kind. It detects the kind and reads the document accordingly.
package struct DocumentReader: Sendable {
  private let pool: ParserPool
  private let limits: ParserLimits

  /// Identifies everything that decides the result of reading, so results of different parsers are not shared. Increase
  /// the number with every change of reading or cleaning.
  package static let fingerprint = "poppler-glib+text+markdown/1"

  package init(pool: ParserPool, limits: ParserLimits = .init()) {
    self.pool = pool
    self.limits = limits
  }

  /// Delivers information about the document, then its pages in order.
  /// - Parameters:
  ///   - firstPage: page at which to continue after a crash, from 1. A text without pages has only page 1.
  ///   - hadText: whether earlier pages had text. If so, a rest without text does not cause
  ///     ``DocumentError/noText(name:pages:)``.
  /// - Throws: ``DocumentError``, errors of `deliver`, or `CancellationError`.
  package func read(
    _ document: InputDocument, from firstPage: Int = 1, hadText: Bool = false,
    deliver: (ParseEvent) async throws -> Void
  ) async throws {
    let source = try DocumentSource(document)
    let type: MediaType
    switch Sniffer.sniff(try source.prefix(), name: document.name) {
    case .empty: throw DocumentError.empty(name: document.name)
    case .unsupported(let looksLike): throw DocumentError.unsupported(name: document.name, looksLike: looksLike)
    case .document(let found): type = found
    }
    switch type {
    case .pdf: try await readPDF(document, source, from: firstPage, hadText: hadText, deliver: deliver)
    case .text, .markdown: try await readText(document, source, type, deliver: deliver)
    }
  }

  private func readPDF(
    _ document: InputDocument, _ source: DocumentSource, from firstPage: Int, hadText: Bool,
    deliver: (ParseEvent) async throws -> Void
  ) async throws {
    var pages = 0
    var seen = hadText
    let job = ParseJob(
      name: document.name, descriptor: try source.descriptor(), size: source.size, password: document.password,
      firstPage: firstPage, limits: limits)
    try await pool.parse(job) { event in
      switch event {
      case .info(let info): pages = info.pageCount ?? 0
      case .part(let part): seen = seen || part.pages.contains { !$0.text.isEmpty }
      }
      try await deliver(event)
    }
    guard seen else { throw DocumentError.noText(name: document.name, pages: pages) }
  }

  private func readText(
    _ document: InputDocument, _ source: DocumentSource, _ type: MediaType,
    deliver: (ParseEvent) async throws -> Void
  ) async throws {
    guard source.size <= limits.text else {
      throw DocumentError.tooMuchText(
        name: document.name, page: nil, detail: "\(source.size) bytes; the limit is \(limits.text)")
    }
    let text = try TextDecoder.decode(try source.bytes(), name: document.name)
    guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
      throw DocumentError.noText(name: document.name, pages: 0)
    }
    try Task.checkCancellation()
    switch type {
    case .markdown:
      let (page, title) = MarkdownReader.read(text)
      try await deliver(.info(DocumentInfo(type: type, title: title)))
      try await deliver(.part(ParsedPart(pages: [page])))
    case .text, .pdf:
      try await deliver(.info(DocumentInfo(type: type)))
      try await deliver(.part(ParsedPart(pages: [ParsedPage(number: nil, text: text)])))
    }
  }
}
