import Foundation
import IngestTestKit

/// Recovers disks and checks each against the promises, once for all disks that recover to the same state.
struct DiskChecker {
  private let scratch: TemporaryFolder
  private let recovery: Recovery
  private var known: [Int: [String]] = [:]
  private(set) var disks = 0
  /// The number of disks that differed from all earlier ones.
  private(set) var checks = 0

  init() throws {
    scratch = try TemporaryFolder.inMemory("power-loss")
    let folder = scratch.file("database")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    recovery = Recovery(folder: folder)
  }

  /// - Returns: every broken promise.
  mutating func problems(on disk: DiskImage, promised view: Ledger.View) async throws -> [String] {
    disks += 1
    let (image, problems) = try await recovery.recover(disk)
    guard problems.isEmpty else { return problems }
    var hasher = Hasher()
    hasher.combine(image.digest())
    hasher.combine(view.promises)
    hasher.combine(view.live)
    let key = hasher.finalize()
    if let found = known[key] { return found }
    checks += 1
    let root = scratch.file("\(checks)")
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: root) }
    try image.write(to: root)
    let found = await Promises.problems(in: root, promised: view)
    known[key] = found
    return found
  }
}
