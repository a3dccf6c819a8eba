private import CPoppler
private import Glibc

/// A PDF in memory. It is not `Sendable`: poppler shares nothing between threads, so a document stays on one thread.
package final class PDFDocument {
  private let handle: OpaquePointer
  package let pageCount: Int
  package let title: String
  package let author: String
  private let outline: PDFOutline
  private var composer = PageComposer()

  /// Opens a PDF.
  /// - Parameters:
  ///   - bytes: must stay in place and unchanged as long as the document lives.
  ///   - password: bytes as typed; nil tries none. A file with only an owner password needs none.
  /// - Throws: ``PDFError``.
  package init(_ bytes: UnsafeRawBufferPointer, password: [UInt8]? = nil) throws(PDFError) {
    guard bytes.count > 0 else { throw .damaged("no bytes") }
    let content = g_bytes_new_static(bytes.baseAddress, gsize(bytes.count))
    defer { g_bytes_unref(content) }
    var error: UnsafeMutablePointer<GError>?
    let opened: OpaquePointer?
    if let password {
      // `new_from_bytes` is avoided: given a wrong password, poppler 22.12 reads its stream after freeing it.
      let stream = g_memory_input_stream_new_from_bytes(content)
      defer { g_object_unref(stream) }
      opened = (password + [0]).withUnsafeBytes { buffer in
        poppler_document_new_from_stream(
          stream, goffset(bytes.count), buffer.baseAddress?.assumingMemoryBound(to: CChar.self), nil, &error)
      }
    } else {
      opened = poppler_document_new_from_bytes(content, nil, &error)
    }
    guard let opened else {
      defer { g_clear_error(&error) }
      let code = error?.pointee.code ?? 0
      if code == 1 { throw password == nil ? .encrypted : .wrongPassword }
      throw .damaged(error?.pointee.message.map { String(cString: $0) } ?? "it cannot be opened")
    }
    handle = opened
    pageCount = Int(poppler_document_get_n_pages(opened))
    title = Self.text(poppler_document_get_title(opened))
    author = Self.text(poppler_document_get_author(opened))
    outline = PDFOutline(opened)
    if pageCount <= 0 { throw .noPages }
  }

  deinit { g_object_unref(UnsafeMutableRawPointer(handle)) }

  /// Returns the text of a page; empty for a page that cannot be read or has only pictures.
  /// - Parameter number: from 1.
  package func page(_ number: Int) -> PDFPageText {
    guard let page = poppler_document_get_page(handle, Int32(number - 1)) else {
      return PDFPageText(text: "", headings: [])
    }
    defer { g_object_unref(UnsafeMutableRawPointer(page)) }
    var width = 0.0
    var height = 0.0
    poppler_page_get_size(page, &width, &height)
    let entries = outline.entries(onPage: number, height: height)
    return PageGlyphs.withGlyphs(of: page, width: width, height: height) { glyphs in
      composer.compose(glyphs, outline: entries, hasOutline: outline.isTrusted, form: FormValues.read(page))
    }
  }

  private static func text(_ pointer: UnsafeMutablePointer<CChar>?) -> String {
    guard let pointer else { return "" }
    defer { g_free(pointer) }
    let text = String(cString: pointer)
    return String(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0xFFFD })
  }
}
