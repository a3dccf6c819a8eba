package import IngestCore

/// The reasons why a document could not be read or used.
package enum DocumentError: FailureConvertible, Hashable {
  case empty(name: String)
  case unsupported(name: String, looksLike: String)
  case damaged(name: String, page: Int?, detail: String)
  case encrypted(name: String)
  case wrongPassword(name: String)
  case noPages(name: String)
  case noText(name: String, pages: Int)
  case undecodable(name: String, offset: Int)
  case unreadable(name: String, detail: String)
  case tooManyPages(name: String, pages: Int, limit: Int)
  case tooMuchText(name: String, page: Int?, detail: String)
  /// The parser died. `page` is the page it was reading; nil while it was opening the document.
  case parserCrashed(name: String, page: Int?, how: String)
  case parserTimedOut(name: String, page: Int?, limit: String)
  case parserOutOfMemory(name: String, page: Int?, limit: Int)
  case parserMissing(looked: [String])
  case parserMismatch(program: String, detail: String)
  case parserFailed(detail: String)
  /// A stored parse result is not readable.
  case damagedResult(String)

  package var failure: Failure {
    switch self {
    case .empty(let name):
      Failure(
        .permanent, code: "EMPTY_FILE", "\(name) is empty: 0 bytes.", hint: "Add content, then submit it again.")
    case .unsupported(let name, let looksLike):
      Failure(
        .permanent, code: "UNSUPPORTED_TYPE", "\(name) looks like \(looksLike), which cannot be read.",
        hint: "Convert it to PDF, Markdown or plain text.")
    case .damaged(let name, let page, let detail):
      Failure(
        .permanent, code: "PDF_DAMAGED", "\(name) is a damaged PDF\(Self.at(page)): \(detail).",
        hint: "Open it in a viewer and save it again, or repair it with `qpdf in.pdf out.pdf`.")
    case .encrypted(let name):
      Failure(
        .permanent, code: "PDF_ENCRYPTED", "\(name) cannot be opened without its password.",
        hint: "Give the password in a file: \(option: "password-file", "FILE") with \(Action(.submit)) or "
          + "\(Action(.parse)).")
    case .wrongPassword(let name):
      Failure(
        .permanent, code: "PDF_WRONG_PASSWORD", "The password does not open \(name).",
        hint: "Check the file that \(option: "password-file") names; only a line end at the end of the file is "
          + "ignored.")
    case .noPages(let name):
      Failure(.permanent, code: "PDF_NO_PAGES", "\(name) is a PDF without pages.", hint: "There is nothing to index.")
    case .noText(let name, let pages):
      Failure(
        .permanent, code: "NO_TEXT",
        "\(name) has no text" + (pages > 0 ? " on its \(pages) \(pages == 1 ? "page" : "pages"): only images." : "."),
        hint: pages > 0 ? "Run it through OCR first, for example `ocrmypdf in.pdf out.pdf`." : "")
    case .undecodable(let name, let offset):
      Failure(
        .permanent, code: "TEXT_ENCODING", "\(name) is in no supported encoding: byte \(offset) is invalid in each.",
        hint: "Save it as UTF-8.")
    case .unreadable(let name, let detail):
      Failure(.transient, code: "DOCUMENT_UNREADABLE", "\(name) could not be read: \(detail).")
    case .tooManyPages(let name, let pages, let limit):
      Failure(
        .permanent, code: "PAGE_LIMIT", "\(name) has \(pages) pages; the limit is \(limit).",
        hint: "Split it, or raise the parser's page limit.")
    case .tooMuchText(let name, let page, let detail):
      Failure(
        .permanent, code: "TEXT_LIMIT", "\(name) contains too much text\(Self.at(page)): \(detail).",
        hint: "It may be a decompression bomb; if not, raise the parser's text limit.")
    case .parserCrashed, .parserTimedOut, .parserOutOfMemory, .parserMissing, .parserMismatch, .parserFailed:
      parserFailure
    case .damagedResult(let detail):
      Failure(
        .permanent, code: "PARSE_RESULT_DAMAGED", "A stored parse result cannot be read: \(detail).",
        hint: "Replay the job from its parse step.")
    }
  }

  private var parserFailure: Failure {
    switch self {
    case .parserCrashed(let name, let page, let how):
      Failure(
        .poison, code: "PARSER_CRASHED", "The parser \(how) on \(name)\(Self.at(page)).",
        hint: "Only this document is affected; try to save it again with another program.")
    case .parserTimedOut(let name, let page, let limit):
      Failure(
        .poison, code: "PARSER_TIMEOUT", "The parser took longer than \(limit) on \(name)\(Self.at(page)).",
        hint: "Raise the parser's time limit if the document is safe.")
    case .parserOutOfMemory(let name, let page, let limit):
      Failure(
        .poison, code: "PARSER_MEMORY",
        "The parser needed more than \(limit / (1024 * 1024)) MiB of memory for \(name)\(Self.at(page)).",
        hint: "Raise the parser's memory limit if the document is safe.")
    case .parserMissing(let looked):
      Failure(
        .unavailable, code: "PARSER_MISSING",
        "The program ingestd-parse was not found in \(looked.joined(separator: " and ")).",
        hint: "Install it beside ingestd, or in ../libexec.")
    case .parserMismatch(let program, let detail):
      Failure(
        .unavailable, code: "PARSER_VERSION", "\(program) does not belong to this ingestd: \(detail).",
        hint: "Install ingestd and ingestd-parse of the same version.")
    case .parserFailed(let detail):
      Failure(.transient, code: "PARSER_FAILED", "The parser could not be used: \(detail).")
    default:
      Failure(.transient, code: "PARSER_FAILED", "The parser could not be used.")
    }
  }

  private static func at(_ page: Int?) -> String { page.map { " (page \($0))" } ?? "" }
}
