import Glibc
import IngestConfig
import IngestCore
import IngestDocuments
import IngestIntake
package import IngestOperations
import IngestProcess
import IngestSteps

extension InstallationRequest {
  /// Reads a file as a job would, and stores nothing.
  /// - Parameters:
  ///   - file: a path, or `-` for standard input.
  ///   - passwordFile: a file whose first line is the password of an encrypted document.
  ///   - cuts: whether the text is cut into chunks.
  package func preview(_ file: String, passwordFile: String?, cuts: Bool) async throws -> DocumentPreview {
    let configuration = try loadedConfiguration(in: try layoutIfAny()).configuration
    let document = InputDocument(
      name: file, content: .file(try Self.open(file)),
      password: try passwordFile.map { path throws(Failure) in try PasswordFile.read(path) })
    var parts: [ParsedPart] = []
    var info: DocumentInfo?
    try await DocumentReader(configuration.parser).read(document) { event in
      switch event {
      case .info(let found): info = found
      case .part(let part): parts.append(part)
      }
    }
    let text = DocumentText(parts: parts)
    let chunks =
      cuts ? Chunker(settings: configuration.chunker(forIndex: Operations.implicitIndex)).chunks(of: text) : nil
    let pages = zip(parts.flatMap(\.pages), text.pages).map { page, place in
      DocumentPreview.Page(
        number: page.number, start: place.start,
        headings: page.headings, text: page.text)
    }
    return DocumentPreview(
      type: info?.type.rawValue, title: info?.title ?? "", pages: pages, characters: text.scalarCount, chunks: chunks)
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
        hint: "name one file; a pipe's bytes are given as \(Action(.parse, "-"))")
    }
    return file
  }

  /// Copies standard input into a file: the parser reads at any offset.
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
