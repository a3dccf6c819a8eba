private import FoundationEssentials
import Glibc
import IngestSQL
import IngestStore
private import Synchronization

/// The disk of one world: a folder in memory if the machine has one. It is removed with the world.
final class SimulationFolder: Sendable {
  let path: String
  var database: String { path + "/ingestd.db" }
  var indexes: String { path + "/indexes" }

  /// A new database with its schema, made once as the start of all worlds of this process.
  private static let template = Mutex<[UInt8]?>(nil)

  init() throws {
    let base =
      access("/dev/shm", W_OK) == 0 ? "/dev/shm" : FileManager.default.temporaryDirectory.path
    var name = Array((base + "/ingestd-simulation-XXXXXX").utf8CString)
    guard mkdtemp(&name) != nil else {
      throw SimulationError.noFolder(base, String(cString: strerror(errno)))
    }
    path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    try FileManager.default.createDirectory(
      atPath: path + "/indexes", withIntermediateDirectories: false)
    let bytes = try Self.template.withLock { template in
      if let template { return template }
      let made = try Self.make(path + "/template.db")
      template = made
      return made
    }
    try Data(bytes).write(to: URL(filePath: path + "/ingestd.db"))
  }

  private static func make(_ path: String) throws -> [UInt8] {
    var options = DatabaseOptions(mode: .create, migrations: Store.migrations)
    options.execution = .caller
    options.now = { 1_700_000_000_000_000 }
    do {
      // When the last connection closes, SQLite moves the write-ahead log into the file.
      _ = try Database(path: path, options: options)
    }
    return Array(try Data(contentsOf: URL(filePath: path)))
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }
}

/// The reason why a simulation could not start.
package enum SimulationError: Error, CustomStringConvertible {
  case noFolder(String, String)

  package var description: String {
    switch self {
    case .noFolder(let base, let reason): "Cannot make a temporary folder in \(base): \(reason)."
    }
  }
}
