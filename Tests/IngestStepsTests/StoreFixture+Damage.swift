import IngestCore
import IngestSQL
import IngestTestKit

extension StoreFixture {
  /// Changes the bytes of a small blob, as a bad disk would.
  func damage(_ hash: ContentHash) async throws {
    try await database.write { db in
      _ = try db.run("UPDATE blobs SET bytes = zeroblob(size) WHERE hash = \(hash.rawValue)")
    }
  }
}
