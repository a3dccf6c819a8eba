import CFaultyVFS
import Glibc
import IngestBlobs
import IngestApp
import IngestCore
import IngestTestKit
import Testing

/// A file is lost if the name of any of its parent folders is lost.
@Suite("Durable folder names", .enabled(if: ingestd_io_sees_calls()))
struct FolderTests {
  private func left(on disk: WatchedDisk) -> DiskImage {
    var model = DiskModel()
    for operation in disk.log { model.apply(operation) }
    return model.image(.everything)
  }

  @Test("a new data folder and its parents are on disk before anything is written into it")
  func dataFolder() throws {
    try TemporaryFolder.with { folder in
      let disk = WatchedDisk(root: folder.path)
      defer { disk.end() }
      let made = try DataFolder(option: folder.path + "/new/data", environment: [:]).existingOrMade()
      #expect(made.isNew)
      #expect(left(on: disk).folders == ["new", "new/data"])
    }
  }

  @Test("a large blob is kept even if the process that made its folders died before their names were on disk")
  func blobFolders() async throws {
    let folder = try TemporaryFolder.inMemory("folders")
    defer { withExtendedLifetime(folder) {} }
    let disk = WatchedDisk(root: folder.path)
    let hash = Machine.hash(Act.large).rawValue
    let place = "blobs/\(hash.prefix(2))/\(hash.dropFirst(2))"
    for path in ["blobs", "blobs/tmp", place.folder] { #expect(mkdir(folder.file(path), 0o700) == 0) }
    let machine = try Machine(root: folder.path, clock: ManualClock(), seed: 1, vfs: WatchedDisk.vfs)
    _ = try await machine.files.put(Array(Act.large.utf8))
    await machine.close()
    disk.end()
    #expect(left(on: disk).files[place] == Array(Act.large.utf8))
  }
}
