import Glibc
import IngestAPI
import IngestApp
import IngestConfig
import IngestCore
import IngestDocuments
import IngestIntake
import IngestOperations
import IngestProcess
import IngestSteps

/// `ingestd parse`.
package enum ParseCommand: Command {
  package static let file = Parameter(argument: .file("FILE"), summary: "A document, or - for standard input.")
  package static let chunks = Parameter(flag: "--chunks", summary: "Show the chunks that would be embedded.")

  package static let spec = CommandSpec(
    "parse", "Show what would be stored of a file; store nothing", group: .documents, data: .none,
    parameters: [file.spec, chunks.spec, SharedParameters.passwordFile.spec],
    examples: [
      .init("ingestd parse report.pdf", "Its text, page by page."),
      .init("ingestd parse report.pdf --chunks --json", "Its chunks, one JSON object a line."),
    ])

  package static func run(_ context: CommandContext) async throws {
    let request = context.request()
    let configuration = try request.loadedConfiguration(in: try request.layoutIfAny()).configuration
    let document = InputDocument(
      name: context[file], content: .file(try open(context[file])),
      password: try context[SharedParameters.passwordFile].map { path throws(Failure) in try PasswordFile.read(path) })
    var parts: [ParsedPart] = []
    let reader = DocumentReader(configuration.parser)
    var info: DocumentInfo?
    try await reader.read(document) { event in
      switch event {
      case .info(let found): info = found
      case .part(let part): parts.append(part)
      }
    }
    let text = DocumentText(parts: parts)
    if context[chunks] {
      let cut = Chunker(settings: configuration.chunker(forIndex: Operations.implicitIndex)).chunks(of: text)
      for chunk in cut {
        try context.console.json(ChunkResponse(chunk))
        try ChunkText.print(chunk, context.console)
      }
      tell(info, text, "\(cut.count) chunks", context)
    } else {
      let pages = parts.flatMap(\.pages)
      for (page, place) in zip(pages, text.pages) {
        try context.console.json(
          PageLine(
            type: info?.type.rawValue, page: page.number, start: place.start,
            headings: page.headings.map { .init(level: $0.level, title: $0.title, offset: $0.offset) },
            text: page.text))
      }
      if !context.console.isJSON { try PageText.print(pages, context.console) }
      tell(info, text, "\(DecimalText.grouped(text.scalarCount)) characters", context)
    }
  }

  /// What `--json` prints of each page.
  private struct PageLine: Encodable {
    struct Heading: Encodable {
      var level: Int
      var title: String
      var offset: Int
    }

    var type: String?
    var page: Int?
    /// Where it begins in the document's text.
    var start: Int
    var headings: [Heading]
    var text: String
  }

  private static func tell(_ info: DocumentInfo?, _ text: DocumentText, _ what: String, _ context: CommandContext) {
    let title = info.flatMap { $0.title.isEmpty ? nil : " “\($0.title.visible.shortened(to: 60))”" } ?? ""
    let pages =
      text.pages.first?.number == nil ? "" : ", \(text.pages.count) " + (text.pages.count == 1 ? "page" : "pages")
    context.console.note("\(info?.type.rawValue ?? "document")\(title)\(pages), \(what)")
  }

  private static func open(_ name: String) throws -> Descriptor {
    if name == "-" { return try standardInput() }
    let path = FilePath(name)
    let descriptor = path.withCString { Glibc.open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
    guard descriptor >= 0 else {
      switch errno {
      case ENOENT, ENOTDIR: throw SelectionError.missing(path: path)
      case ENAMETOOLONG: throw SelectionError.pathTooLong(path: path)
      default: throw SelectionError.unreadable(path: path, reason: String(cString: strerror(errno)))
      }
    }
    let file = Descriptor(owning: descriptor)
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw Failure(
        .permanent, code: "NOT_A_FILE", "\(path) is not a file.",
        hint: "name one file; a pipe's bytes are given as `ingestd parse -`")
    }
    return file
  }

  /// Standard input whole, as the parser needs a file that it can read anywhere.
  private static func standardInput() throws -> Descriptor {
    var bytes: [UInt8] = []
    var room = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(STDIN_FILENO, &room, room.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw SelectionError.unreadable(path: FilePath("-"), reason: String(cString: strerror(errno)))
      }
      if count == 0 { break }
      bytes.append(contentsOf: room[..<count])
    }
    return try MemoryFile.make(bytes)
  }
}
