import FoundationEssentials
import Glibc
import IngestCore
import IngestIndex
import IngestIndexSQLite
import IngestTestKit
import Synchronization
import Testing

@Suite("Many readers and writers")
struct SharedGenerationTests {
  @Test("two programs write one generation at once, including the same documents")
  func twoWriters() async throws {
    let fixture = try await IndexFixture()
    let other = fixture.other()
    try await withThrowingTaskGroup { group in
      for writer in 0..<16 {
        group.addTask {
          let index = writer % 2 == 0 ? fixture.index : other
          var random = SplitMix(seed: UInt64(writer))
          for revision in (1...12).shuffled(using: &random) {
            for number in [writer, 100] {
              let texts = (0..<(revision % 5 + 1)).map { "number\(number) revision\(revision) \($0)" }
              _ = try await index.write(IndexFixture.write(number, revision: revision, texts), into: fixture.name)
            }
          }
        }
      }
      try await group.waitForAll()
    }
    let expected = (Array(0..<16) + [100]).map { IndexFixture.expected($0, revision: 12, chunks: 3) }
    #expect(try await fixture.findings(expected).isProved)
    #expect(try await fixture.everything() == fixture.everything(other))
    await other.close()
  }

  @Test("files of a generation that another program deleted are closed, by maintenance or when the next one is opened")
  func closesDeleted() async throws {
    let fixture = try await IndexFixture()
    let reader = fixture.other()
    let names = (7...8).map { GenerationName(index: "docs", number: $0) }
    for name in names { try await fixture.index.create(name, dimensions: IndexFixture.dimensions) }
    _ = try await reader.counts(in: names[0])
    try await fixture.index.delete(names[0])
    #expect(Self.removedFiles(in: fixture.folder.path) > 0)
    await reader.closeDeleted()
    #expect(Self.removedFiles(in: fixture.folder.path) == 0)

    _ = try await reader.counts(in: names[1])
    try await fixture.index.delete(names[1])
    #expect(Self.removedFiles(in: fixture.folder.path) > 0)
    _ = try await reader.counts(in: fixture.name)
    #expect(Self.removedFiles(in: fixture.folder.path) == 0)
    await reader.close()
  }

  /// Returns how many deleted files of a folder this process still has open.
  private static func removedFiles(in folder: String) -> Int {
    let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return open.count { descriptor in
      let name = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")
      return name.map { $0.hasPrefix(folder) && $0.hasSuffix(" (deleted)") } ?? false
    }
  }

  @Test("vectors move to a new file during reads and writes, and the old file is deleted")
  func compaction() async throws {
    let fixture = try await IndexFixture()
    let (reader, verifier) = (fixture.other(), fixture.other())
    let texts = (0..<60).map { "part \($0)" }
    for number in 0..<20 {
      _ = try await fixture.index.write(IndexFixture.write(number, revision: 1, texts), into: fixture.name)
    }
    let complete = try await fixture.everything(reader).count
    #expect(complete == 1000)
    try await withThrowingTaskGroup(of: Void.self) { group in
      let done = Flag()
      group.addTask {
        for revision in 2...5 {
          for number in 0..<20 {
            _ = try await fixture.index.write(IndexFixture.write(number, revision: revision, texts), into: fixture.name)
          }
        }
        while try await fixture.index.maintain(fixture.name) {}
        done.set()
      }
      group.addTask {
        while !done.isSet {
          let query = SearchRequest(text: "", vector: IndexFixture.vector("part 7"), k: 20, mode: .vector)
          let hits = try await reader.search(query, in: fixture.name)
          // Twenty documents have this vector, each in one revision at any moment.
          #expect(hits.allSatisfy { $0.content.text == "part 7" })
          #expect(Set(hits.map(\.chunk.document)).count == 20)
        }
      }
      group.addTask {
        while !done.isSet {
          let parts = try await verifier.inventory(after: nil, limit: 100, in: fixture.name).flatMap(\.parts)
          // Every visible chunk has its vector, even while vectors are moving.
          #expect(parts.allSatisfy { $0.vectors == $0.chunks })
        }
      }
      try await group.waitForAll()
    }
    #expect(access("\(fixture.folder.path)/\(fixture.name).1.vectors", F_OK) != 0)
    let expected = (0..<20).map { IndexFixture.expected($0, revision: 5, chunks: 60) }
    #expect(try await fixture.findings(expected).isProved)
    #expect(try await fixture.everything(reader) == fixture.everything())
    await reader.close()
    await verifier.close()
  }

  @Test("an interrupted compaction continues in the next process")
  func interruptedCompaction() async throws {
    let fixture = try await IndexFixture()
    let texts = (0..<60).map { "part \($0)" }
    for number in 0..<60 {
      _ = try await fixture.index.write(IndexFixture.write(number, revision: 1, texts), into: fixture.name)
    }
    for number in 0..<32 {
      _ = try await fixture.index.remove(IndexFixture.document(number), revision: 2, from: fixture.name)
    }
    let expected =
      (0..<32).map { IndexFixture.expected($0, revision: 2, chunks: 0, deleted: true) }
      + (32..<60).map { IndexFixture.expected($0, revision: 1, chunks: 60) }
    await fixture.index.close()
    var steps = 0
    while true {
      // A new program does each step.
      let index = fixture.other()
      let more = try await index.maintain(fixture.name)
      await index.close()
      #expect(try await fixture.findings(expected).isProved)
      steps += 1
      guard more else { break }
    }
    #expect(steps > 1)
    #expect(access("\(fixture.folder.path)/\(fixture.name).1.vectors", F_OK) != 0)
    #expect(access("\(fixture.folder.path)/\(fixture.name).2.vectors", F_OK) == 0)
  }

  @Test("a generation that another program deletes is reported missing, and is never created again")
  func deletion() async throws {
    let fixture = try await IndexFixture()
    let other = fixture.other()
    _ = try await fixture.index.write(IndexFixture.write(1, revision: 1, ["text"]), into: fixture.name)
    #expect(try await fixture.everything(other).count == 1)
    try await fixture.index.delete(fixture.name)
    try await fixture.index.delete(fixture.name)
    for index in [fixture.index, other] {
      await #expect(throws: IndexError.generationMissing(fixture.name)) { _ = try await fixture.everything(index) }
      await #expect(throws: IndexError.generationMissing(fixture.name)) {
        _ = try await index.write(IndexFixture.write(1, revision: 2, ["late"]), into: fixture.name)
      }
    }
    #expect(access("\(fixture.folder.path)/\(fixture.name).db", F_OK) != 0)
    #expect(access("\(fixture.folder.path)/\(fixture.name).1.vectors", F_OK) != 0)
  }

  @Test("a half-created generation is completed by the next create, and refused until then")
  func creation() async throws {
    let fixture = try await IndexFixture()
    _ = try await fixture.index.write(IndexFixture.write(1, revision: 1, ["text"]), into: fixture.name)
    try await fixture.index.create(fixture.name, dimensions: IndexFixture.dimensions)
    #expect(try await fixture.everything().count == 1)
    await #expect(throws: IndexError.dimensionsDiffer(fixture.name, held: 20, wanted: 21)) {
      try await fixture.index.create(fixture.name, dimensions: 21)
    }
    // The state after a crash between creating the file and its tables.
    let half = GenerationName(index: "docs", number: 9)
    close(open("\(fixture.folder.path)/\(half).db", O_CREAT | O_RDWR, 0o644))
    await #expect(throws: IndexError.generationMissing(half)) { _ = try await fixture.index.counts(in: half) }
    try await fixture.index.create(half, dimensions: 5)
    #expect(try await fixture.index.counts(in: half) == IndexCounts(documents: 0, chunks: 0, tombstones: 0))
  }

  @Test("if more generations are used than may stay open, they take turns, also when all are used together")
  func manyGenerations() async throws {
    let fixture = try await IndexFixture()
    let index = SQLiteIndex(folder: fixture.folder.path, openLimit: 2)
    let names = (10..<16).map { GenerationName(index: "docs", number: $0) }
    for name in names { try await index.create(name, dimensions: IndexFixture.dimensions) }
    try await withThrowingTaskGroup { group in
      for (number, name) in names.enumerated() {
        for revision in 1...10 {
          group.addTask {
            _ = try await index.write(IndexFixture.write(number, revision: revision, ["text"]), into: name)
          }
        }
      }
      try await group.waitForAll()
    }
    for (number, name) in names.enumerated() {
      let found = try await index.inventory(after: nil, limit: 10, in: name)
      #expect(found.map(\.document) == [IndexFixture.document(number)])
      #expect(found.map(\.visible) == [10])
    }
    await index.close()
  }
}

/// A flag that is set once, by the task that ends first.
final class Flag: Sendable {
  private let value = Atomic(false)
  var isSet: Bool { value.load(ordering: .acquiring) }
  func set() { value.store(true, ordering: .releasing) }
}
