import FoundationEssentials
import Glibc
import IngestBlobs
import IngestCore
import IngestDigest
import IngestTestKit
import Testing

/// A blob store in a folder of its own.
struct Fixture {
  let temporary: TemporaryFolder
  let rows: MemoryBlobRows
  let store: FileBlobStore

  init(random: any RandomSource = SystemRandom()) throws {
    temporary = try TemporaryFolder()
    rows = MemoryBlobRows(folder: temporary.file("blobs"))
    store = FileBlobStore(folder: temporary.file("blobs"), rows: rows, random: random)
  }

  /// The names of all files of the store, by their path within it.
  var files: [String] {
    (FileManager.default.enumerator(atPath: temporary.file("blobs")) ?? []).filter { $0.utf8.count > 3 }.sorted()
  }

  func file(_ name: String, _ bytes: [UInt8]) throws -> String {
    try write(bytes, to: temporary.file(name))
    return temporary.file(name)
  }
}

extension FileManager {
  /// The paths below a folder.
  func enumerator(atPath path: String) -> [String]? { try? subpathsOfDirectory(atPath: path) }
}

func write(_ bytes: [UInt8], to path: String) throws { try Data(bytes).write(to: URL(filePath: path)) }

/// Bytes that look like nothing else, so that their hash is their own.
func sample(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
  var state = seed
  return (0..<count).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return UInt8(truncatingIfNeeded: state >> 33)
  }
}

func hash(_ bytes: [UInt8]) -> ContentHash { ContentHash(rawValue: SHA256.hash(bytes)) }

/// The failure that `body` throws, whatever shape it has.
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

/// Everything a descriptor still gives; closes it.
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
