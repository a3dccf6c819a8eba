import Glibc
import IngestPDF
import IngestParserWire

/// The reading of one document, from its descriptor to its last page.
struct DocumentRun {
  private let request: ParserRequest
  private let send: (ParserReply) -> Void

  init(request: ParserRequest, send: @escaping (ParserReply) -> Void) {
    self.request = request
    self.send = send
  }

  func run(_ descriptor: Int32) {
    let size = lseek(descriptor, 0, SEEK_END)
    guard descriptor >= 0, size >= request.size, request.size > 0 else {
      return refuse(.badRequest, detail: "the descriptor has \(size) bytes instead of \(request.size)")
    }
    // The file is mapped, not read: a page of it uses memory only while it is accessed.
    let memory = mmap(nil, request.size, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let memory, memory != MAP_FAILED else { return refuse(.badRequest, detail: "it cannot be mapped") }
    defer { munmap(memory, request.size) }
    OutOfMemory.clear()
    do {
      let document = try PDFDocument(
        UnsafeRawBufferPointer(start: memory, count: request.size), password: request.password)
      read(document)
    } catch {
      report(error)
    }
  }

  private func read(_ document: PDFDocument) {
    guard document.pageCount <= request.pageLimit else {
      return refuse(.tooManyPages, detail: String(document.pageCount))
    }
    send(
      .document(WireDocument(pageCount: document.pageCount, title: document.title, author: document.author)))
    let allowed = request.textAllowed
    var total = 0
    var number = max(1, request.firstPage)
    while number <= document.pageCount {
      OutOfMemory.clear()
      let page = document.page(number)
      total += page.text.utf8.count
      guard total <= allowed else {
        let why =
          allowed < request.textLimit
          ? "more than \(request.ratioLimit) times the size of the file" : "more than \(request.textLimit) bytes"
        return refuse(.tooMuchText, page: number, detail: why)
      }
      send(
        .page(
          WirePage(
            number: number, text: page.text,
            headings: page.headings.map { WireHeading(offset: $0.offset, level: $0.level, title: $0.title) })))
      number += 1
    }
    send(.done)
  }

  private func report(_ error: PDFError) {
    switch error {
    case .encrypted: refuse(.encrypted)
    case .wrongPassword: refuse(.wrongPassword)
    case .noPages: refuse(.noPages)
    case .damaged(let detail): refuse(.damaged, detail: detail)
    }
  }

  private func refuse(_ reason: WireRefusal.Reason, page: Int? = nil, detail: String = "") {
    send(.refused(WireRefusal(reason: reason, page: page, detail: detail)))
  }
}
