import IngestCore
import IngestIndex
import IngestOperations
import IngestSQL
import IngestStore

/// The end of a run: nothing goes wrong any more, and the world has to come to rest as promised.
extension SimulatedClients {
  /// How long that may take, in virtual time: far more than every retry and lease together. Retries are due by the wall
  /// clock, so one that is set back keeps them waiting for as long.
  private var patience: Duration {
    (world.plan.workflow == nil ? .seconds(900) : .seconds(60 * 86_400)) + world.machine.setBack
  }

  func settle() async throws {
    for host in world.hosts where host.process.state == .stopped { host.process.resume() }
    while world.living.count < world.plan.workers { try world.startWorker() }
    _ = try await store.resetBreakers(nil, actor: "operator")
    world.oracle.forgetBreakers()
    guard try await rest() else { return }
    // What died of the storm goes on; what is refused for good dies again.
    let dead = try await store.act(
      .redrive(RedriveOptions()), on: JobFilter(state: .dead, limit: 1000), dryRun: false,
      actor: "operator")
    if dead.total > 0 {
      world.trace.note("operator", "redrives all \(dead.total) dead letters")
      guard try await rest() else { return }
    }
    try await judgeDocuments()
    guard world.oracle.finding == nil else { return }
    if world.plan.workflow == nil { try await bringBack() }
    guard world.oracle.finding == nil, try await rest() else { return }
    try await judgeIndexes()
    try await judgeTables()
    try await judgeTicks()
  }

  /// Waits until no job is open. - Returns: whether that came about.
  private func rest() async throws -> Bool {
    let start = clock.uptime
    var pause = Duration.seconds(2)
    while world.oracle.finding == nil {
      try await putRight()
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
          "\(patience.compact) after the storm \(open.count) jobs are open, the first of them "
            + "\(world.oracle.label(first)): \(report.state.rawValue)\(report.reason.map { ", \($0)" } ?? ""). "
            + (report.explanation?.description ?? ""),
          about: world.oracle.jobs[first]?.topics ?? [first.rawValue])
        return false
      }
      try await clock.sleep(for: pause)
      // What a user's own steps sleep for may be days.
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

  /// Whether somebody asked for the state that a document is in: its job was cancelled, or its text is refused.
  private func mayBeBehind(_ facts: DocumentFacts, _ revision: Int) -> Bool {
    if facts.wasCancelled { return true }
    // Of a user's workflow nobody knows whether it holds anything, and a dead letter may be what it is meant to leave.
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
          .acceptedIsKept, "\(facts.uri) was accepted and is not known any more.", about: topics)
        return
      }
      let highest = facts.revisions.keys.max() ?? 0
      guard report.revision >= highest else {
        return world.oracle.broken(
          .acceptedIsKept,
          "\(facts.uri) stands at revision \(report.revision), and \(highest) was accepted.",
          about: topics)
      }
      let possible =
        report.revision == highest ? [facts.revisions[highest] ?? nil] : facts.uncertain
      let hashes = possible.map { text in text.map { Workflows.hash(Array($0.utf8)).rawValue } }
      guard report.revision == highest && facts.revisions.isEmpty || hashes.contains(report.content)
      else {
        return world.oracle.broken(
          .acceptedIsKept,
          "\(facts.uri) stands at revision \(report.revision) with other bytes than were accepted.",
          about: topics)
      }
      // A generation that never had a document need not be told of its deletion.
      let isGone = report.deleted && report.held == nil
      if report.held != report.revision, !isGone, !mayBeBehind(facts, report.revision) {
        world.oracle.broken(
          .acceptedIsKept,
          "\(facts.uri) is wanted at revision \(report.revision) and held at \(report.held ?? 0) in generation \(live), "
            + "though no job of it is open.", about: topics)
        return
      }
    }
  }

  /// What rests behind because somebody cancelled it is brought back as people would: by `index verify --repair`.
  private func bringBack() async throws {
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
      // A building one may never have been filled: only what it has is judged.
      try await judge(generation, exceptCancelled: generation.state == .building || world.plan.workflow != nil)
      guard generation.state != .building, world.plan.workflow == nil else { continue }
      try await judgeFreshness(of: generation)
    }
  }

  /// The index beside the catalogue, chunk by chunk.
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

  /// Whatever can be swapped in or rolled back to holds what is wanted.
  private func judgeFreshness(of generation: Generation) async throws {
    let isLive = generation.state == .live
    for holding in try await store.holdings(World.index, generation.number, after: nil, limit: 1000)
    where holding.isBehind && !holding.died {
      guard let facts = world.oracle.documents[holding.document] else { continue }
      return world.oracle.broken(
        isLive ? .acceptedIsKept : .rollbackIsFresh,
        "Generation \(generation.number) (\(generation.state.rawValue)) holds \(facts.uri) at "
          + "\(holding.revision ?? 0), and \(holding.wanted) is wanted.", about: [facts.uri])
    }
  }

  private func judgeTables() async throws {
    let wrong = try await database.read { db -> String? in
      let keys = try db.rows("PRAGMA foreign_key_check") { $0.text(0) }
      if let first = keys.first { return "A row of \(first) refers to nothing" }
      let sound = try db.first("PRAGMA integrity_check") { $0.text(0) }
      return sound == "ok" ? nil : "The database says of itself: \(sound ?? "nothing")"
    }
    if let wrong { world.oracle.broken(.countersAreTrue, "\(wrong).") }
  }

  /// Every line of the journal, for comparing runs.
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
  /// Whether the generation lacks what is wanted; one that never had a document need not be told of its deletion.
  fileprivate var isBehind: Bool {
    revision != wanted && !(revision == nil && wantedChange == .delete)
  }
}
