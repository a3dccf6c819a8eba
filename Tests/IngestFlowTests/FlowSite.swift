import FoundationEssentials
import Glibc
import IngestSQL
import IngestTestKit
import Testing

/// A data folder with limits, and the real programs that work in it.
final class FlowSite: Sendable {
  let folder: TemporaryFolder
  var data: String { folder.file("data") }

  init(configuration: String, workflows: [String: String] = [:]) throws {
    folder = try TemporaryFolder("flow")
    for path in [data, data + "/workflows"] {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    try configuration.write(toFile: data + "/ingestd.yaml", atomically: true, encoding: .utf8)
    for (name, text) in workflows {
      try text.write(toFile: data + "/workflows/\(name).yaml", atomically: true, encoding: .utf8)
    }
  }

  func start(_ words: String...) throws -> RunningProgram {
    try RunningProgram("ingestd", words + ["--data", data], folder: folder.path)
  }

  @discardableResult
  func run(_ words: String...) async throws -> ProgramRun {
    try await ProgramRun.run("ingestd", words + ["--data", data], folder: folder.path)
  }

  /// Makes a folder with `documents` small documents.
  func inbox(_ name: String, documents: Int) throws -> String {
    let path = folder.file(name)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for number in 0..<documents {
      try "Note \(number) of \(name).\n".write(
        toFile: "\(path)/\(number).md", atomically: false, encoding: .utf8)
    }
    return path
  }

  /// Reads the database directly, beside the running programs.
  func read<T: Sendable>(_ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
    var options = DatabaseOptions(mode: .readOnly)
    options.readers = 1
    let database = try Database(path: data + "/ingestd.db", options: options)
    let result = try await database.read(body)
    await database.close()
    return result
  }

  func count(_ query: SQL) async throws -> Int {
    try await read { db in try db.first(query) { $0.int(0) } ?? 0 }
  }
}
