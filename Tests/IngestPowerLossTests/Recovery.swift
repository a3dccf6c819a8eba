import CFaultyVFS
import Glibc
import IngestSQL

/// Brings disks back as SQLite does, with the system's VFS, and remembers what became of each.
///
/// Most disks differ in one database only, and most differences in a log come to the same database: so every disk is
/// recovered and checked, and nothing is recovered twice.
final class Recovery {
  struct Recovered {
    var bytes: [UInt8]
    var problems: [String]
  }

  private let folder: String
  private var known: [Int: Recovered] = [:]
  /// By the bytes of recovered databases.
  private var contents: [Int: Recovered] = [:]
  private(set) var recoveries = 0

  /// - Parameter folder: empty, and its own.
  init(folder: String) { self.folder = folder }

  /// The disk with every database's log folded into it.
  /// - Returns: what `PRAGMA integrity_check` finds, beside it.
  func recover(_ image: DiskImage) async throws -> (image: DiskImage, problems: [String]) {
    var result = image
    var problems: [String] = []
    for path in image.files.keys.sorted() where path.hasSuffix(".db") {
      let names = [path, path + "-wal", path + "-journal"]
      let part = image.digest(where: names.contains)
      let recovered: Recovered
      if let found = known[part] {
        recovered = found
      } else {
        recovered = try await recover(path, names, of: image)
        known[part] = recovered
      }
      for name in names { result.files[name] = nil }
      result.files[path] = recovered.bytes
      problems += recovered.problems
    }
    return (result, problems)
  }

  private func recover(_ path: String, _ names: [String], of image: DiskImage) async throws -> Recovered {
    recoveries += 1
    let name = "\(folder)/database"
    for (source, target) in zip(names, [name, name + "-wal", name + "-journal"]) {
      unlink(target)
      if let bytes = image.files[source] { try DiskImage.write(bytes, to: target) }
    }
    unlink(name + "-shm")
    let code = ingestd_recover(name)
    guard code == 0 else { return Recovered(bytes: [], problems: ["\(path) cannot be recovered: SQLite code \(code)"]) }
    let bytes = try DiskImage.read(name)
    var hasher = Hasher()
    bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    let key = hasher.finalize()
    // Thousands of logs come to some hundred databases, each of which is kept once.
    if let recovered = contents[key] { return recovered }
    let recovered = Recovered(bytes: bytes, problems: await check(name).map { "\(path): \($0)" })
    contents[key] = recovered
    return recovered
  }

  private func check(_ name: String) async -> [String] {
    do {
      var options = DatabaseOptions(mode: .existing)
      options.execution = .caller
      let database = try Database(path: name, options: options)
      let problems = try await database.integrityProblems(quick: false)
      await database.close()
      return problems
    } catch {
      return ["cannot be read: \(error)"]
    }
  }
}
