import CFaultyVFS
import Glibc
import IngestSQL

/// Recovers disks as SQLite does, with the system's VFS, and caches the results.
///
/// Most disks differ in one database only, and most logs that differ recover to the same database. So every disk is
/// recovered and checked, but nothing is recovered twice.
final class Recovery {
  struct Recovered {
    var bytes: [UInt8]
    var problems: [String]
  }

  private let folder: String
  private var known: [Int: Recovered] = [:]
  /// Recovered databases, by a hash of their bytes.
  private var contents: [Int: Recovered] = [:]
  private(set) var recoveries = 0

  /// - Parameter folder: an empty folder for this value alone.
  init(folder: String) { self.folder = folder }

  /// Returns the disk with every database's log applied to its database.
  /// - Returns: with it, the findings of `PRAGMA integrity_check`.
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
    // Thousands of logs recover to some hundred databases, each of which is kept once.
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
