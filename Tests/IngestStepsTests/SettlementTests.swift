import FoundationEssentials
import IngestCore
import IngestIndex
import IngestIndexSQLite
import IngestSimulation
import IngestStore
import IngestTestKit
import Testing

/// The catalogue and an index, with jobs that ended between the two writes.
@Suite("Settling the index writes of ended jobs")
struct SettlementTests {
  private struct Site {
    let it: StoreFixture
    let folder: TemporaryFolder
    let index: SQLiteIndex
    let worker: WorkerID
    static let name = GenerationName(index: "docs", number: 1)

    init() async throws {
      it = try await StoreFixture()
      folder = try TemporaryFolder("settlement")
      index = SQLiteIndex(folder: folder.path)
      worker = try await it.worker()
      try await index.create(Self.name, dimensions: 2)
    }

    var settlement: Settlement { Settlement(generations: it.store, backends: BackendRegistry([index])) }

    /// Runs a job until it has written `chunks` chunks, and cancels it there.
    func interrupt(
      _ uri: String, _ text: String = "text", chunks: Int, staged: Bool = false
    ) async throws -> DocumentID {
      let receipt = try await it.store.submit(StoreFixture.request(uri, text))
      let job = try #require(try await it.claim(worker).first)
      let task = try TestJSON.decode(DocumentTask.self, job.task)
      let write = DocumentWrite(
        header: DocumentHeader(document: task.document, revision: task.revision, source: "s", uri: uri),
        chunks: (0..<chunks).map { ordinal in
          let chunk = Chunk(
            ordinal: ordinal, start: ordinal, end: ordinal + 1, page: nil, heading: [], tokens: 1, text: "w\(ordinal)")
          return EmbeddedChunk(chunk: chunk, vector: [1, 0])
        })
      if staged {
        _ = try await index.stage(write, into: Self.name)
      } else {
        _ = try await index.write(write, into: Self.name)
      }
      try await it.store.finish(job.lease, .cancelled, last: nil)
      return receipt.document
    }

    func held(_ document: DocumentID) async throws -> Int? {
      try await it.store.holdings("docs", 1, of: [document]).first?.revision
    }

    func proof(_ backend: (any IndexBackend)? = nil) async throws -> IndexVerification {
      try await GenerationProof(generations: it.store, backends: BackendRegistry([backend ?? index])).run(Self.name)
    }
  }

  /// Runs `interruption` between the first page of the catalogue and that of the back end.
  private struct Interrupting: ForwardingBackend {
    let base: any IndexBackend
    let interruption: @Sendable () async throws -> Void

    func inventory(
      after: DocumentID?, limit: Int, in generation: GenerationName
    ) async throws -> [DocumentInventory] {
      if after == nil { try await interruption() }
      return try await base.requireVerifiable().inventory(after: after, limit: limit, in: generation)
    }
  }

  @Test("a complete revision is recorded as held, a staged one is removed, and index and catalogue agree")
  func settles() async throws {
    let site = try await Site()
    let shown = try await site.interrupt("/a", chunks: 3)
    let staged = try await site.interrupt("/b", chunks: 70, staged: true)
    try await site.settlement.run(.due)
    #expect(try await site.held(shown) == 1)
    #expect(try await site.held(staged) == nil)
    let proof = try await site.proof()
    #expect(proof.isProved && proof.documents == 1 && proof.chunks == 3)
  }

  @Test("a verification settles pending writes itself, also late ones")
  func verification() async throws {
    let site = try await Site()
    let document = try await site.interrupt("/a", chunks: 3)
    #expect(try await site.proof().isProved)
    #expect(try await site.held(document) == 1)
    let late = try await site.interrupt("/a", "another text", chunks: 70, staged: true)
    try await site.settlement.run(.due)
    // A stopped worker wakes.
    let header = DocumentHeader(document: late, revision: 2, source: "s", uri: "/a")
    _ = try await site.index.write(
      DocumentWrite(
        header: header,
        chunks: [
          EmbeddedChunk(
            chunk: Chunk(ordinal: 0, start: 0, end: 1, page: nil, heading: [], tokens: 1, text: "late"), vector: [0, 1])
        ]), into: Site.name)
    #expect(try await site.proof().isProved)
    #expect(try await site.held(late) == 2)
  }

  @Test("a job that ends during a verification is settled before its document is reported as different")
  func endsMeanwhile() async throws {
    let site = try await Site()
    let document = try await site.interrupt("/a", chunks: 3)
    try await site.settlement.run(.due)
    let proof = try await site.proof(
      Interrupting(base: site.index) { _ = try await site.interrupt("/a", "another text", chunks: 5) })
    #expect(proof.isProved, "\(proof.findings)")
    let after = try await site.proof(
      Interrupting(base: site.index) {
        _ = try await site.interrupt("/b", chunks: 5)
        _ = try await site.interrupt("/a", "a third text", chunks: 70, staged: true)
      })
    #expect(after.isProved, "\(after.findings)")
    #expect(try await site.held(document) == 2)
  }

  @Test("lower revisions that an interrupted delete left are removed")
  func sweeps() async throws {
    let site = try await Site()
    let document = try await site.interrupt("/a", chunks: 150, staged: true)
    let files = try FileManager.default.contentsOfDirectory(atPath: site.folder.path)
    let file = try #require(files.first { $0.hasSuffix(".db") })
    // As if the process had died before it deleted the second slice.
    try await DatabaseEdit.run(
      "UPDATE documents SET revision = 2, visible = 0, deleted = 1", on: site.folder.path + "/" + file)
    try await site.settlement.run(.due)
    #expect(try await site.index.revisions(of: document, in: Site.name)?.stored == [:])
    #expect(try await site.proof().isProved)
  }

  @Test("a generation that cannot be read does not stop the others from being settled")
  func damagedGeneration() async throws {
    let site = try await Site()
    var spec = StoreFixture.spec
    spec.chunker.target = 100
    _ = try await site.it.store.openGeneration(
      index: "docs", spec: spec, reindex: StoreFixture.workflow("reindex", steps: 1), actor: "ann")
    func cancelOthers() async throws {
      for job in try await site.it.claim(site.worker, limit: 8) {
        try await site.it.store.finish(job.lease, .cancelled, last: nil)
      }
    }
    try await cancelOthers()
    var documents: [DocumentID] = []
    for uri in ["/a", "/b"] {
      documents.append(try await site.interrupt(uri, chunks: 3))
      try await cancelOthers()
    }
    try Data("no database".utf8).write(to: URL(filePath: site.folder.path + "/docs-g0002.db"))
    await #expect(throws: IndexError.self) { try await site.settlement.run(.due) }
    for document in documents { #expect(try await site.held(document) == 1) }
    #expect(try await site.it.store.unsettledWrites(.all, from: nil, limit: 10).writes.map(\.generation) == [2, 2])
  }
}
