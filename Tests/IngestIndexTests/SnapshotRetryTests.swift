import Glibc
import IngestIndex
import IngestSQL
import IngestTestKit
import Synchronization
import Testing

@testable import IngestIndexSQLite

@Suite("Snapshots")
struct SnapshotRetryTests {
  @Test("a query whose vector file was removed by compaction starts again, but not for ever")
  func retry() async throws {
    let fixture = try await IndexFixture()
    let files = GenerationFiles(folder: fixture.folder.path, generation: fixture.name)
    let generation = try await OpenGeneration.open(
      fixture.name, files: files, options: DatabaseOptions(mode: .existing))
    // No test can act between a snapshot's reading of the file's name and its opening, so the loss is simulated.
    func read(lost: Int) async throws -> Int {
      let tries = Tries()
      return try await generation.read { _ in
        let count = tries.next()
        if count <= lost { throw VectorFileError(files.vectors(1), "open", code: ENOENT) }
        return count
      }
    }
    #expect(try await read(lost: 1) == 2)
    await #expect(throws: VectorFileError.self) { _ = try await read(lost: 100) }
    await generation.database.close()
  }

  final class Tries: Sendable {
    private let count = Mutex(0)
    func next() -> Int {
      count.withLock {
        $0 += 1
        return $0
      }
    }
  }
}
