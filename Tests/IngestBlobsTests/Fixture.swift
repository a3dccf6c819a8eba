import FoundationEssentials
import Glibc
import IngestBlobs
import IngestCore
import IngestDigest
import IngestTestKit
import Testing

/// A blob store in its own folder.
struct Fixture {
  let temporary: TemporaryFolder
  let rows: MemoryBlobRows
  let store: FileBlobStore

  init(random: any RandomSource = SystemRandom()) throws {
    temporary = try TemporaryFolder()
    rows = MemoryBlobRows(folder: temporary.file("blobs"))
    store = FileBlobStore(folder: temporary.file("blobs"), rows: rows, random: random)
  }

  /// The paths of all files of the store, relative to it.
  var files: [String] {
    (FileManager.default.enumerator(atPath: temporary.file("blobs")) ?? []).filter { $0.utf8.count > 3 }.sorted()
  }

  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    try write(bytes, to: temporary.file(name))
    return temporary.file(name)
  }
}

extension FileManager {
  /// Returns the paths below a folder.
  func enumerator(atPath path: String) -> [String]? { try? subpathsOfDirectory(atPath: path) }
}

func write(_ bytes: [UInt8], to path: String) throws { try Data(bytes).write(to: URL(filePath: path)) }

/// Returns pseudo-random bytes, so that each seed has its own hash.
func sample(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
  var state = seed
  return (0..<count).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return UInt8(truncatingIfNeeded: state >> 33)
  }
}

func hash(_ bytes: [UInt8]) -> ContentHash { ContentHash(rawValue: SHA256.hash(bytes)) }

/// Returns what `body` throws, as a failure.
func failure(_ body: () async throws -> Void) async -> Failure? {
  do {
    try await body()
    return nil
  } catch {
    return Failure(error)
  }
}

func inode(_ path: String) -> UInt? {
  var status = stat()
  return stat(path, &status) == 0 ? UInt(status.st_ino) : nil
}

/// Reads the remaining bytes of a descriptor, and closes it.
func drain(_ descriptor: Int32) -> [UInt8] {
  defer { close(descriptor) }
  var all: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 4096)
  while true {
    let count = read(descriptor, &buffer, buffer.count)
    guard count > 0 else { return all }
    all.append(contentsOf: buffer[..<count])
  }
}
