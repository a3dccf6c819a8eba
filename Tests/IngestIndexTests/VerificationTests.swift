import Glibc
import IngestCore
import IngestIndex
import IngestIndexSQLite
import IngestTestKit
import IngestSQL
import Synchronization
import Testing

@Suite("Verification against the catalogue")
struct VerificationTests {
  static let chunks = 4

  /// Returns an index with seven complete documents, one deleted one, and one written in slices.
  static func filled() async throws -> (IndexFixture, [ExpectedDocument]) {
    let fixture = try await IndexFixture()
    var expected: [ExpectedDocument] = []
    for number in 1...7 {
      let texts = (0..<chunks).map { "document\(number) chunk\($0)" }
      _ = try await fixture.index.write(IndexFixture.write(number, revision: 1, ["older"]), into: fixture.name)
      _ = try await fixture.index.write(IndexFixture.write(number, revision: 2, texts), into: fixture.name)
      expected.append(IndexFixture.expected(number, revision: 2, chunks: chunks))
    }
    _ = try await fixture.index.remove(IndexFixture.document(8), revision: 1, from: fixture.name)
    expected.append(IndexFixture.expected(8, revision: 1, chunks: 0, deleted: true))
    let large = IndexFixture.write(9, revision: 1, (0..<300).map { "large \($0)" })
    _ = try await fixture.index.write(large, into: fixture.name)
    expected.append(IndexFixture.expected(9, revision: 1, chunks: 300))
    return (fixture, expected)
  }

  @Test("an undamaged generation is verified and counted")
  func sound() async throws {
    let (fixture, expected) = try await Self.filled()
    let report = try await fixture.findings(expected)
    #expect(report.isProved)
    #expect(report.documents == 8 && report.chunks == 7 * Self.chunks + 300)
    #expect(
      try await fixture.index.counts(in: fixture.name)
        == IndexCounts(documents: 8, chunks: 7 * Self.chunks + 300, tombstones: 1))
    // A pruned tombstone is not a difference.
    let tombstones = try await fixture.index.tombstones(after: nil, limit: 9, in: fixture.name)
    try await fixture.index.pruneTombstones(tombstones, in: fixture.name)
    #expect(try await fixture.findings(expected).isProved)
  }

  @Test("documents that the catalogue does not expect are stale, and expected ones that are not there are missing")
  func differences() async throws {
    let (fixture, expected) = try await Self.filled()
    var changed = expected
    changed[0].revision = 3
    changed[0].wanted = 3
    changed.remove(at: 1)
    changed.append(IndexFixture.expected(20, revision: 1, chunks: 1))
    let findings = try await fixture.findings(changed).findings
    #expect(findings.map(\.kind) == [.missing, .stale, .stale, .missing])
    #expect(findings.map { $0.document.rawValue.suffix(2) } == ["01", "01", "02", "20"])
  }

  enum Damage: CaseIterable {
    case chunkRow, fullTextRow, fullTextPostings, vectorBytes, vectorSlot, extent, vectorFileCut
  }

  private func plant(_ damage: Damage, in fixture: IndexFixture) async throws {
    await fixture.index.close()
    let path = "\(fixture.folder.path)/\(fixture.name)"
    let database = try Database(path: path + ".db", options: DatabaseOptions(mode: .existing))
    let place = try await database.read { connection in
      try connection.first(
        """
        SELECT e.first_chunk + 1, e.first_slot + 1, c.text FROM documents AS d
        JOIN extents AS e ON e.document = d.key AND e.revision = d.visible JOIN chunks AS c ON c.key = e.first_chunk + 1
        WHERE d.id = \(IndexFixture.document(3).rawValue)
        """
      ) { (key: $0.int(0), slot: $0.int(1), text: $0.text(2)) }
    }
    let (key, slot, text) = try #require(place)
    try await database.write { connection in
      switch damage {
      case .chunkRow: try connection.run("DELETE FROM chunks WHERE key = \(key)")
      case .fullTextRow: try connection.run("DELETE FROM chunk_text_docsize WHERE id = \(key)")
      case .fullTextPostings:
        let size = try connection.first("SELECT sz FROM chunk_text_docsize WHERE id = \(key)") { $0.blob(0) }
        try connection.run("INSERT INTO chunk_text (chunk_text, rowid, text) VALUES ('delete', \(key), \(text))")
        try connection.run("INSERT INTO chunk_text_docsize (id, sz) VALUES (\(key), \(size))")
      case .extent: try connection.run("DELETE FROM extents WHERE first_chunk = \(key - 1)")
      case .vectorSlot: try connection.run("UPDATE extents SET first_slot = 100000 WHERE first_chunk = \(key - 1)")
      case .vectorBytes, .vectorFileCut: break
      }
    }
    await database.close()
    let stride = 32 * 4
    let descriptor = open(path + ".1.vectors", O_RDWR)
    defer { close(descriptor) }
    if damage == .vectorBytes {
      var byte: UInt8 = 0x55
      #expect(pwrite(descriptor, &byte, 1, 4096 + slot * stride + 9) == 1)
    }
    if damage == .vectorFileCut { #expect(ftruncate(descriptor, 4096 + slot * stride) == 0) }
  }

  @Test("each kind of damage is found, named and repaired by a purge and a new write", arguments: Damage.allCases)
  func damage(damage: Damage) async throws {
    let (fixture, expected) = try await Self.filled()
    try await plant(damage, in: fixture)
    let report = try await fixture.findings(expected)
    let chunk = ChunkID(document: IndexFixture.document(3), revision: 2, ordinal: 1)
    let all = (0..<Self.chunks).map { ChunkID(document: chunk.document, revision: 2, ordinal: $0) }
    let found = report.findings.filter { $0.document == chunk.document }
    switch damage {
    case .chunkRow:
      #expect(found == [DocumentFinding(document: chunk.document, kind: .missing, chunks: [chunk])])
      #expect(report.strays == 1)
    case .fullTextRow, .fullTextPostings:
      #expect(found == [DocumentFinding(document: chunk.document, kind: .fullTextMissing, chunks: [chunk])])
    case .vectorBytes:
      #expect(found == [DocumentFinding(document: chunk.document, kind: .vectorMissing, chunks: [chunk])])
    case .vectorSlot:
      #expect(found == [DocumentFinding(document: chunk.document, kind: .vectorMissing, chunks: all)])
    case .extent:
      #expect(found == [DocumentFinding(document: chunk.document, kind: .missing, chunks: all)])
      #expect(report.strays == Self.chunks)
    case .vectorFileCut:
      #expect(
        found == [DocumentFinding(document: chunk.document, kind: .vectorMissing, chunks: Array(all.dropFirst()))])
      #expect(report.findings.count == 6)
      await #expect(throws: IndexError.self) { _ = try await fixture.texts("x", mode: .vector) }
      #expect(try await fixture.texts("document3").count == Self.chunks)
    }
    #expect(report.isProved == false)

    // Does what `--repair` does.
    if report.strays > 0 { try await fixture.index.purgeStrays(in: fixture.name) }
    for document in Set(report.findings.map(\.document)) {
      try await fixture.index.purge(document, revisions: 0...(.max), in: fixture.name)
      let number = try #require(Int(document.rawValue.suffix(2)))
      let texts =
        number == 9 ? (0..<300).map { "large \($0)" } : (0..<Self.chunks).map { "document\(number) chunk\($0)" }
      let held = number == 9 ? 1 : 2
      #expect(
        try await fixture.index.write(IndexFixture.write(number, revision: held - 1, texts), into: fixture.name)
          == .stale(held: held))
      #expect(
        try await fixture.index.write(IndexFixture.write(number, revision: held, texts), into: fixture.name) == .applied
      )
    }
    #expect(try await fixture.findings(expected).isProved)
    #expect(try await fixture.texts("chunk1", k: 20).count == 7)
    #expect(try await fixture.everything().count == 7 * Self.chunks + 300)
  }

  @Test("a lost vector file is reported, created again only by create, and filled by the repair")
  func lostVectorFile() async throws {
    let (fixture, expected) = try await Self.filled()
    let path = "\(fixture.folder.path)/\(fixture.name).1.vectors"
    // This process still has the deleted file open.
    let other = fixture.other()
    _ = try await fixture.everything(other)
    await fixture.index.close()
    #expect(unlink(path) == 0)
    await #expect(throws: IndexError.self) { _ = try await fixture.everything() }
    let write = IndexFixture.write(30, revision: 1, ["new"])
    for index in [fixture.index, other] {
      await #expect(throws: IndexError.self) { _ = try await index.write(write, into: fixture.name) }
    }
    let report = try await fixture.findings(expected)
    #expect(report.findings.allSatisfy { $0.kind == .vectorMissing } && report.findings.count == 8)
    #expect(access(path, F_OK) != 0)

    try await fixture.index.create(fixture.name, dimensions: IndexFixture.dimensions)
    #expect(try await fixture.findings(expected).findings.count == 8)
    for number in Array(1...7) + [9] {
      try await fixture.index.purge(IndexFixture.document(number), revisions: 0...9, in: fixture.name)
      let texts = (0..<(number == 9 ? 300 : Self.chunks)).map { "again \($0)" }
      _ = try await other.write(IndexFixture.write(number, revision: number == 9 ? 1 : 2, texts), into: fixture.name)
    }
    #expect(try await fixture.findings(expected).isProved)
    #expect(try await fixture.everything().count == 7 * Self.chunks + 300)
    await other.close()
  }

  @Test("writes during a verification do not count as damage")
  func underWrites() async throws {
    let fixture = try await IndexFixture()
    let catalogue = MovingCatalogue()
    try await withThrowingTaskGroup(of: Void.self) { group in
      let done = Flag()
      group.addTask {
        var random = SplitMix(seed: 5)
        for round in 0..<400 {
          let number = Int(random.next() % 12)
          let revision = round + 1
          let chunks = Int(random.next() % 4)
          catalogue.want(number, revision)
          if chunks == 0 {
            _ = try await fixture.index.remove(IndexFixture.document(number), revision: revision, from: fixture.name)
          } else {
            let texts = (0..<chunks).map { "text \($0)" }
            _ = try await fixture.index.write(IndexFixture.write(number, revision: revision, texts), into: fixture.name)
          }
          catalogue.hold(number, revision, chunks: chunks)
        }
        done.set()
      }
      group.addTask {
        repeat {
          let report = try await IndexVerification.run(
            fixture.name, of: fixture.index, pageSize: 2, catalogue: { catalogue.page(after: $0, limit: $1) },
            entry: { catalogue.entry($0) })
          #expect(report.findings == [])
        } while !done.isSet
      }
      try await group.waitForAll()
    }
    #expect(try await fixture.findings(catalogue.page(after: nil, limit: 100)).isProved)
  }
}

/// A catalogue whose documents change while it is read.
final class MovingCatalogue: Sendable {
  private let documents = Mutex<[DocumentID: ExpectedDocument]>([:])

  func want(_ number: Int, _ revision: Int) {
    let id = IndexFixture.document(number)
    documents.withLock { documents in
      documents[id, default: ExpectedDocument(document: id, revision: 0, wanted: 0, deleted: false, chunks: 0)].wanted =
        revision
    }
  }

  func hold(_ number: Int, _ revision: Int, chunks: Int) {
    let expected = IndexFixture.expected(number, revision: revision, chunks: chunks, deleted: chunks == 0)
    documents.withLock { $0[expected.document] = expected }
  }

  func page(after: DocumentID?, limit: Int) -> [ExpectedDocument] {
    documents.withLock { documents in
      Array(
        documents.values.sorted { $0.document < $1.document }
          .filter { document in after.map { document.document > $0 } ?? true }.prefix(limit))
    }
  }

  func entry(_ document: DocumentID) -> ExpectedDocument? { documents.withLock { $0[document] } }
}
