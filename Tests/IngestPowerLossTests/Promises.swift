import IngestBlobs
import IngestCore
import IngestIndex
import IngestSQL
import IngestStore
import IngestTestKit

/// Compares the state after a crash with what was promised before it.
struct Promises {
  let machine: Machine
  let view: Ledger.View
  private(set) var problems: [String] = []

  /// - Parameter root: a folder with the state after the crash. The check changes it.
  /// - Returns: every broken promise; empty if all were kept.
  static func problems(in root: String, promised view: Ledger.View) async -> [String] {
    // The machine boots again, an hour later.
    let clock = ManualClock(start: Timestamp(rawValue: 1_800_000_000_000_000), bootID: "boot-2")
    do {
      let machine = try Machine(root: root, clock: clock, seed: 99, vfs: nil)
      var promises = Promises(machine: machine, view: view)
      do { try await promises.check() } catch { promises.problems.append("it cannot continue: \(error)") }
      await machine.close()
      return promises.problems
    } catch {
      return ["it does not open: \(error)"]
    }
  }

  /// Checks the same for a machine that keeps running, without running its remaining work.
  static func problems(of machine: Machine, promised view: Ledger.View) async -> [String] {
    var promises = Promises(machine: machine, view: view)
    do { try await promises.checkKept() } catch { promises.problems.append("it cannot continue: \(error)") }
    let again = machine.ran.again
    if !again.isEmpty { promises.problems.append("steps run again past their checkpoints: \(again.map(\.step))") }
    return promises.problems
  }

  private init(machine: Machine, view: Ledger.View) {
    self.machine = machine
    self.view = view
  }

  private mutating func check() async throws {
    try await checkKept()
    try await machine.register()
    // Repeats the calls whose acknowledgement may have been lost.
    try await machine.createIndex()
    for generation in try await machine.store.list("docs") where generation.state == .deleted {
      try await machine.collectGeneration(generation.number)
    }
    _ = try await machine.files.adoptOrphans()
    try await machine.drain()
    _ = try await machine.store.act(
      .redrive(RedriveOptions()), on: JobFilter(state: .dead), dryRun: false, actor: "test")
    try await machine.drain()
    try await checkSettled()
    _ = try await machine.submit("/after.txt", "a text after the crash")
    try await machine.drain()
    let large = try await machine.files.put(Array(Act.large.utf8))
    if try await machine.files.get(large) != Array(Act.large.utf8) { problems.append("a large blob is not kept") }
    try await checkSettled()
    let twice = Set(machine.ran.run).intersection(view.steps)
    if !twice.isEmpty { problems.append("steps run again past their checkpoints: \(twice.map(\.step).sorted())") }
  }

  /// Checks the promises before any further work.
  private mutating func checkKept() async throws {
    for (uri, promised) in view.documents.sorted(by: { $0.key < $1.key }) {
      guard let found = try? await machine.store.document(uri, index: "docs", source: nil) else {
        problems.append("\(uri) was accepted and is missing")
        continue
      }
      if found.revision < promised.revision {
        problems.append("\(uri) was accepted at revision \(promised.revision) and is at \(found.revision)")
      }
      guard found.revision == promised.revision else { continue }
      if found.deleted != (promised.text == nil) { problems.append("\(uri) is deleted: \(found.deleted)") }
      guard let text = promised.text else { continue }
      if found.content != Machine.hash(text).rawValue { problems.append("\(uri) has other bytes than were accepted") }
      let bytes = try? await machine.files.get(Machine.hash(text))
      if bytes != Array(text.utf8) { problems.append("the bytes of \(uri) are gone") }
    }
    if !view.live.isEmpty {
      let live = try await machine.store.live("docs").number
      if !view.live.contains(live) { problems.append("generation \(live) is live, not one of \(view.live)") }
    }
    problems += try await machine.store.counterProblems()
    try await checkFiles()
    try await checkGenerations()
  }

  /// Checks that every needed row of a blob file has its file.
  private mutating func checkFiles() async throws {
    let needed = try await machine.neededFiles()
    let found = try await machine.files.inspect(needed, limit: 100)
    for hash in found.missing { problems.append("the row of blob \(hash.rawValue.prefix(8)) has no file") }
    for (hash, _) in needed where !found.missing.contains(hash) {
      do { _ = try await machine.files.get(hash) } catch {
        problems.append("blob \(hash.rawValue.prefix(8)): \(error)")
      }
    }
  }

  /// Checks that each generation holds exactly what the catalogue says.
  private mutating func checkGenerations() async throws {
    guard try await machine.store.indexNames().contains("docs") else { return }
    let generations = try await machine.store.list("docs")
    if generations.count(where: { $0.state == .live }) > 1 { problems.append("two generations are live") }
    for generation in generations where generation.state != .deleted {
      do {
        let proof = try await machine.proof(generation.number)
        if !proof.isProved { problems.append("generation \(generation.number): \(proof.findings)") }
      } catch let error as IndexError {
        // The generation was opened; its job has not created it yet, so it holds nothing.
        let held = try await machine.store.holdings("docs", generation.number, after: nil, limit: 100)
        guard case .generationMissing = error, generation.state == .building,
          held.allSatisfy({ $0.revision == nil })
        else {
          problems.append("generation \(generation.number): \(error)")
          continue
        }
      }
    }
  }

  /// Checks the state after all remaining work is done.
  private mutating func checkSettled() async throws {
    let status = try await machine.store.status()
    if status.queued + status.running + status.waiting + status.dead > 0 {
      problems.append(
        "\(status.queued) jobs queued, \(status.running) running, \(status.waiting) waiting, \(status.dead) dead at the end"
      )
    }
    for document in try await machine.store.documents(DocumentFilter(index: "docs", limit: 100))
    where document.held != document.revision && !(document.deleted && document.held == nil) {
      problems.append("\(document.uri) is wanted at \(document.revision) and held at \(document.held ?? 0)")
    }
    problems += try await machine.store.counterProblems()
    try await checkGenerations()
  }
}

extension Machine {
  /// Returns the blob files that a document, an open job or a cached parse result needs. An interrupted collection may
  /// have removed other files.
  func neededFiles() async throws -> [(hash: ContentHash, size: Int)] {
    try await database.read { db in
      try db.rows(
        """
        SELECT b.hash, b.size FROM blobs b WHERE b.bytes IS NULL AND (
          EXISTS (SELECT 1 FROM documents d WHERE d.blob_key = b.key)
          OR EXISTS (SELECT 1 FROM jobs j WHERE j.blob_key = b.key AND (j.finished_at IS NULL OR j.state = 'dead'))
          OR EXISTS (SELECT 1 FROM job_blobs r JOIN jobs j ON j.key = r.job_key
            WHERE r.blob_key = b.key AND (j.finished_at IS NULL OR j.state = 'dead'))
          OR EXISTS (SELECT 1 FROM parse_blobs p WHERE p.blob_key = b.key))
        """
      ) { (hash: ContentHash(rawValue: $0.text(0)), size: $0.int(1)) }
    }
  }
}
