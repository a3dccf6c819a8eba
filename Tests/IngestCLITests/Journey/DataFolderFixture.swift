import Foundation
import IngestTestKit
import Synchronization
import Testing

/// A data folder, a folder of documents beside it, and the program run on both.
final class DataFolderFixture: Sendable {
  let folder: TemporaryFolder
  /// Servers that the configuration names. They live as long as the fixture.
  private let servers = Mutex<[EmbeddingServer]>([])

  init() throws { folder = try TemporaryFolder("journey") }

  var data: String { folder.file("data") }
  var documents: String { folder.file("documents") }

  /// Writes a document and returns its path.
  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    let path = "\(documents)/\(name)"
    let parent = URL(fileURLWithPath: path).deletingLastPathComponent()
    try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  /// Writes the configuration of the data folder, and creates the folder.
  func configure(_ yaml: String) throws {
    try FileManager.default.createDirectory(
      atPath: data, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try Data(yaml.utf8).write(to: URL(fileURLWithPath: data + "/ingestd.yaml"))
  }

  /// Returns the address of an embedding server that lives as long as the fixture.
  func address(_ server: EmbeddingServer) -> String {
    servers.withLock { $0.append(server) }
    return server.baseURL
  }

  /// Configures an `openai` embedder `test` of 8 dimensions as the default one.
  func configure(embedder server: EmbeddingServer, more: String = "") throws {
    try configure(
      """
      default-embedder: test
      embedders:
        test:
          provider: openai
          model: m
          dimensions: 8
          base-url: \(address(server))
      \(more)
      """)
  }

  func run(_ words: String..., input: String = "") async throws -> ProgramRun { try await run(words, input: input) }

  func run(_ words: [String], input: String = "") async throws -> ProgramRun {
    try await ProgramRun.run("ingestd", words + ["--data", data], input: input, folder: folder.path)
  }

  /// Runs a command that must succeed, with `--json`.
  @discardableResult
  func json(_ words: String..., status: Int32 = 0, location: SourceLocation = #_sourceLocation) async throws
    -> [JSONValue]
  {
    let run = try await run(words + ["--json"])
    #expect(run.status == status, "\(words): \(run.output) \(run.error)", sourceLocation: location)
    return try JSONValue.lines(run.output)
  }

  /// Starts a program that keeps running.
  func start(_ words: String...) throws -> RunningProgram {
    try RunningProgram("ingestd", words + ["--data", data], folder: folder.path)
  }

  /// Submits these, and runs all jobs until they end.
  func ingest(_ words: String..., location: SourceLocation = #_sourceLocation) async throws {
    let submitted = try await run(["submit"] + words)
    #expect(submitted.status == 0, "\(submitted.output)\(submitted.error)", sourceLocation: location)
    try await drain(location: location)
  }

  func drain(_ words: String..., status: Int32 = 0, location: SourceLocation = #_sourceLocation) async throws {
    let drained = try await run(["worker", "--drain"] + words)
    #expect(drained.status == status, "\(drained.error)", sourceLocation: location)
  }

  /// Returns the uris that a search finds, best first.
  func search(_ words: String..., location: SourceLocation = #_sourceLocation) async throws -> [String] {
    let run = try await run(["search"] + words + ["--json"])
    #expect(run.status == 0, "\(run.output)", sourceLocation: location)
    return try JSONValue.lines(run.output).first?["hits"].list.map {
      URL(fileURLWithPath: $0["uri"].text).lastPathComponent
    }
      ?? []
  }

  /// Runs a command with `--json`, by default `status`, until its first line is as expected, and returns that line. The
  /// line of a command that fails is null.
  @discardableResult
  func eventually(_ what: String, in command: String..., isExpected: (JSONValue) -> Bool) async throws -> JSONValue {
    let words = (command.isEmpty ? ["status"] : command) + ["--json"]
    return try await IngestTestKit.eventually(what) {
      let run = try await run(words)
      return run.status == 0 ? try JSONValue.lines(run.output).first ?? .null : .null
    } _: {
      isExpected($0)
    }
  }

  /// Returns the path of a file of the repository.
  static func repository(_ path: String) -> String {
    let parts = #filePath.split(separator: "/").dropLast(4)
    return "/" + parts.joined(separator: "/") + "/" + path
  }

  static var encryptedPDF: String { repository("Tests/IngestDocumentsTests/Fixtures/encrypted.pdf") }
}

extension ProgramRun {
  /// Returns whether standard error has this code in parentheses, and a hint.
  func says(_ code: String) -> Bool { error.contains("(\(code))") && error.contains("hint: ") }
}
