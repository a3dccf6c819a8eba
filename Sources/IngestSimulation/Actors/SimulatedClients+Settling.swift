import IngestCore
import IngestIndex
import IngestOperations
import IngestSQL
import IngestStore

/// The end of a run: all faults stop, and the world has to settle as promised.
extension SimulatedClients {
  /// How long settling may take in virtual time: far more than all retries and leases together. Retries are scheduled
  /// by the wall clock, so setting that clock back delays them by the same amount.
  private var patience: Duration {
    (world.plan.workflow == nil ? .seconds(900) : .seconds(60 * 86_400)) + world.machine.setBack
  }

  func settle() async throws {
    for host in world.hosts where host.process.state == .stopped { host.process.resume() }
    while world.living.count < world.plan.workers { try world.startWorker() }
    _ = try await store.resetBreakers(nil, actor: "operator")
    world.oracle.forgetBreakers()
    guard try await rest() else { return }
    // Jobs that died because of the faults continue. Jobs whose text is refused for good die again.
    let dead = try await store.act(
      .redrive(RedriveOptions()), on: JobFilter(state: .dead, limit: 1000), dryRun: false,
      actor: "operator")
    if dead.total > 0 {
      world.trace.note("operator", "redrives all \(dead.total) dead letters")
      guard try await rest() else { return }
    }
    try await judgeDocuments()
    guard world.oracle.finding == nil else { return }
    if world.plan.workflow == nil { try await repairIndexes() }
    guard world.oracle.finding == nil, try await rest() else { return }
    try await judgeIndexes()
    try await judgeTables()
    try await judgeTicks()
    if world.oracle.finding == nil { try await judgeStarts() }
  }

  /// Waits until no job is open.
  /// - Returns: whether all jobs ended in time.
  private func rest() async throws -> Bool {
    let start = clock.uptime
    var pause = Duration.seconds(2)
    while world.oracle.finding == nil {
      try await unblockJobs()
      let open = try await openJobs()
      if open.isEmpty {
        try await count()
        return world.oracle.finding == nil
      }
      if clock.uptime - start > patience.microseconds {
        let first = open[0]
        let report = try await store.job(first)
        world.oracle.broken(
          .everyJobEnds,
          "\(patience.compact) after the faults stopped \(open.count) jobs are still open. The first one is "
            + "\(world.oracle.label(first)): \(report.state.rawValue)\(report.reason.map { ", \($0)" } ?? ""). "
            + (report.explanation?.description ?? ""),
          about: world.oracle.jobs[first]?.topics ?? [first.rawValue])
        return false
      }
      try await clock.sleep(for: pause)
      // The steps of a user's workflow may sleep for days.
      if world.plan.workflow != nil { pause = min(pause * 3 / 2, .seconds(3600)) }
    }
    return false
  }

  private func openJobs() async throws -> [JobID] {
    try await database.read { db in
      try db.rows("SELECT id FROM jobs WHERE finished_at IS NULL ORDER BY key LIMIT 50") {
        JobID(rawValue: $0.text(0))
      }
    }
  }

  /// Returns whether the document may be behind on purpose: a job of it was cancelled, or its text is refused.
  private func mayBeBehind(_ facts: DocumentFacts, _ revision: Int) -> Bool {
    if facts.wasCancelled { return true }
    // The simulation cannot know whether a user's workflow writes the document, and the workflow may end in a dead
    // letter on purpose.
    if world.plan.workflow != nil { return true }
    if case .some(.some(let text)) = facts.revisions[revision] {
      return text.contains(SimulatedProvider.refusedWord)
    }
    return facts.revisions[revision] == nil && !facts.uncertain.isEmpty
  }

  private func judgeDocuments() async throws {
    let live = try await store.live(World.index).number
    for id in known {
      guard let facts = world.oracle.documents[id] else { continue }
      let topics = [facts.uri]
      let report: DocumentReport
      do {
        report = try await store.document(id.rawValue, index: World.index, source: facts.source)
      } catch {
        world.oracle.broken(
          .acceptedIsKept, "\(facts.uri) was accepted, but the catalogue does not know it.", about: topics)
        return
      }
      let highest = facts.revisions.keys.max() ?? 0
      guard report.revision >= highest else {
        return world.oracle.broken(
          .acceptedIsKept,
          "\(facts.uri) is at revision \(report.revision), but revision \(highest) was accepted.",
          about: topics)
      }
      let possible =
        report.revision == highest ? [facts.revisions[highest] ?? nil] : facts.uncertain
      let hashes = possible.map { text in text.map { Workflows.hash(Array($0.utf8)).rawValue } }
      guard report.revision == highest && facts.revisions.isEmpty || hashes.contains(report.content)
      else {
        return world.oracle.broken(
          .acceptedIsKept,
          "\(facts.uri) is at revision \(report.revision), but its bytes are not those that were accepted.",
          about: topics)
      }
      // A generation that never had a document need not record its deletion.
      let isGone = report.deleted && report.held == nil
      if report.held != report.revision, !isGone, !mayBeBehind(facts, report.revision) {
        world.oracle.broken(
          .acceptedIsKept,
          "\(facts.uri) is wanted at revision \(report.revision), but generation \(live) holds revision "
            + "\(report.held ?? 0), and no job of it is open.", about: topics)
        return
      }
    }
  }

  /// Runs `index verify --repair`, as people would, for documents that are behind because an operator cancelled their
  /// jobs.
  private func repairIndexes() async throws {
    for generation in try await store.list(World.index) where generation.isOpen && generation.state != .building {
      try await judge(generation, exceptCancelled: false)
      guard world.oracle.finding == nil else { return }
      let report = try await operations.verify(World.index, generation: generation.number, repair: true)
      if report.requeued > 0 {
        world.trace.note("operator", "repairs generation \(generation.number) and queues \(report.requeued) documents")
      }
    }
  }

  private func judgeIndexes() async throws {
    for generation in try await store.list(World.index) where generation.isOpen && world.oracle.finding == nil {
      // A building generation may never have been filled, so only the documents that it has are checked.
      try await judge(generation, exceptCancelled: generation.state == .building || world.plan.workflow != nil)
      guard generation.state != .building, world.plan.workflow == nil else { continue }
      try await judgeFreshness(of: generation)
    }
  }

  /// Compares the index with the catalogue, chunk by chunk.
  private func judge(_ generation: Generation, exceptCancelled: Bool) async throws {
    let result: IndexVerification
    do {
      result = try await GenerationProof(generations: store, backends: BackendRegistry([index])).run(
        GenerationName(generation))
    } catch IndexError.generationMissing where generation.state == .building {
      return
    }
    for finding in result.findings {
      let facts = world.oracle.documents[finding.document]
      if exceptCancelled, facts?.wasCancelled == true { continue }
      let uri = facts?.uri ?? finding.document.rawValue
      return world.oracle.broken(
        .indexIsCatalogue,
        "Generation \(generation.number) differs from the catalogue in \(uri): \(finding.kind.rawValue) "
          + finding.chunks.prefix(4).map(\.description).joined(separator: ", ") + ".", about: [uri])
    }
    if result.strays > 0 {
      world.oracle.broken(.indexIsCatalogue, "Generation \(generation.number) has \(result.strays) strays.")
    }
  }

  /// Checks that each generation that can be swapped in or rolled back to holds every wanted revision.
  private func judgeFreshness(of generation: Generation) async throws {
    let isLive = generation.state == .live
    for holding in try await store.holdings(World.index, generation.number, after: nil, limit: 1000)
    where holding.isBehind && !holding.died {
      guard let facts = world.oracle.documents[holding.document] else { continue }
      return world.oracle.broken(
        isLive ? .acceptedIsKept : .rollbackIsFresh,
        "Generation \(generation.number) (\(generation.state.rawValue)) holds \(facts.uri) at "
          + "\(holding.revision ?? 0), but revision \(holding.wanted) is wanted.", about: [facts.uri])
    }
  }

  private func judgeTables() async throws {
    let wrong = try await database.read { db -> String? in
      let keys = try db.rows("PRAGMA foreign_key_check") { $0.text(0) }
      if let first = keys.first { return "A row of \(first) refers to a row that does not exist" }
      let sound = try db.first("PRAGMA integrity_check") { $0.text(0) }
      return sound == "ok" ? nil : "The integrity check reports: \(sound ?? "nothing")"
    }
    if let wrong { world.oracle.broken(.countersAreTrue, "\(wrong).") }
  }

  /// Returns every line of the journal, to compare runs.
  static func journal(_ database: Database) async throws -> [String] {
    try await database.read { db in
      try db.rows(
        """
        SELECT seq || ' ' || at || ' ' || kind || ' ' || actor || ' ' || coalesce(job_key, '-') || ' '
          || coalesce(document_key, '-') || ' ' || coalesce(generation_key, '-') || ' ' || coalesce(gate_key, '-') || ' '
          || coalesce(data, '-')
        FROM journal ORDER BY seq
        """
      ) { $0.text(0) }
    }
  }
}

extension Holding {
  /// Whether the generation lacks the wanted revision. A generation that never had a document need not record its
  /// deletion.
  fileprivate var isBehind: Bool {
    revision != wanted && !(revision == nil && wantedChange == .delete)
  }
}
