import FoundationEssentials
import Glibc
import IngestIndex
import IngestProcess
import IngestSQL
import IngestTestKit

/// The checker, which returns one line for each problem.
extension ChaosSite {
  /// Returns every problem, once everything was drained.
  func verdict(_ ledger: Ledger) async throws -> [String] {
    var findings: [String] = []
    let verify = try await run(["index", "verify", "docs"])
    if verify.status != 0 { findings.append("index verify: \(verify.output)\(verify.error)") }
    findings += try await SearchProbe.with(self) { probe in try await wrongDocuments(ledger, probe) }
    findings += try await wrongJournal()
    findings += wrongPayments()
    findings += try await wrongBlobs()
    findings += try await leftovers()
    return findings
  }

  // MARK: - Documents

  private struct Row {
    var revision: Int
    var isDeleted: Bool
    /// The revision that each open generation holds, by generation number.
    var held: [Int: Int] = [:]
  }

  private func catalogue(_ probe: SearchProbe) async throws -> (rows: [String: Row], open: [Int]) {
    try await probe.database.read { db in
      let open = try db.rows("SELECT number FROM generations WHERE state <> 'deleted' ORDER BY number") { $0.int(0) }
      var rows: [String: Row] = [:]
      for (uri, revision, isDeleted, generation, held) in try db.rows(
        """
        SELECT d.uri, d.revision, d.change = 'delete', g.number, h.revision FROM documents d
          JOIN generations g ON g.index_key = d.index_key AND g.state <> 'deleted'
          LEFT JOIN holdings h ON h.document_key = d.key AND h.generation_key = g.key
        """,
        { ($0.text(0), $0.int(1), $0.bool(2), $0.int(3), $0.optionalInt(4)) })
      {
        rows[uri, default: Row(revision: revision, isDeleted: isDeleted)].held[generation] = held
      }
      return (rows, open)
    }
  }

  /// Checks that every acknowledged version and no other can be found, and that every open generation holds it.
  func wrongDocuments(_ ledger: Ledger, _ probe: SearchProbe) async throws -> [String] {
    let (rows, open) = try await catalogue(probe)
    var findings: [String] = []
    for uri in rows.keys.sorted() where ledger.entries[uri] == nil && !uri.hasPrefix("broken-") {
      findings.append("\(uri) is in the catalogue, but was never requested")
    }
    for (uri, entry) in ledger.entries.sorted(by: { $0.key < $1.key }) {
      guard let row = rows[uri] else {
        if entry.acknowledged != nil { findings.append("\(uri) was acknowledged and is not in the catalogue") }
        continue
      }
      let acknowledged = entry.acknowledged?.revision ?? 0
      var possible: [Ledger.Version] = entry.unknown
      if row.revision == acknowledged, let version = entry.acknowledged?.version { possible = [version] }
      if !(acknowledged...(acknowledged + entry.unknown.count)).contains(row.revision) {
        findings.append("\(uri) is at revision \(row.revision), and \(acknowledged) was acknowledged")
      }
      if !possible.contains(where: { ($0.word == nil) == row.isDeleted }) {
        findings.append("\(uri) is \(row.isDeleted ? "deleted" : "there"), but that was not requested")
      }
      // A generation that was opened after the delete never had the document.
      for generation in open
      where row.held[generation] != row.revision && !(row.isDeleted && row.held[generation] == nil) {
        let held = row.held[generation].map(String.init) ?? "nothing"
        findings.append("generation \(generation) holds \(held) of \(uri), not revision \(row.revision)")
      }
      findings += try await wrongHits(uri, entry, possible, isDeleted: row.isDeleted, probe)
    }
    return findings
  }

  private func wrongHits(
    _ uri: String, _ entry: Ledger.Entry, _ possible: [Ledger.Version], isDeleted: Bool, _ probe: SearchProbe
  ) async throws -> [String] {
    var findings: [String] = []
    let hits = try await probe.search(entry.mark).hits
    let found = entry.words.filter { word in hits.contains { $0.content.text.contains(word) } }
    if isDeleted {
      if !hits.isEmpty { findings.append("\(uri) is deleted, and \(entry.mark) finds it") }
    } else if found.count != 1 || !possible.contains(Ledger.Version(word: found[0])) {
      findings.append("\(uri): \(entry.mark) finds the versions \(found), but expected one of \(possible)")
    }
    if hits.contains(where: { $0.content.uri != uri }) {
      findings.append("\(entry.mark) finds other documents than \(uri)")
    }
    for word in entry.words where !found.contains(word) {
      if try await !probe.search(word, count: 1).hits.isEmpty {
        findings.append("\(uri): the version \(word) is still found")
      }
    }
    return findings
  }

  // MARK: - Journal

  /// Checks by the journal that no step was checkpointed twice, that no job is left open, and that every write came
  /// from the worker that held the job.
  func wrongJournal() async throws -> [String] {
    let database = try Database(path: data + "/ingestd.db", options: DatabaseOptions(mode: .readOnly))
    let (twice, open, dead, lines) = try await database.read { db in
      (
        try db.rows(
          """
          SELECT job_key, data FROM journal WHERE kind = 'checkpointed' GROUP BY job_key, data HAVING count(*) > 1
          """
        ) { "step \($0.optionalText(1) ?? "") of job \($0.int64(0)) was checkpointed twice" },
        try db.rows("SELECT id, state, reason FROM jobs WHERE finished_at IS NULL") {
          "job \($0.text(0)) is still \($0.text(1)), \($0.optionalText(2) ?? "no reason")"
        },
        try db.rows(
          """
          SELECT j.id, j.error FROM jobs j JOIN sources s ON s.key = j.source_key
          WHERE j.state = 'dead' AND s.name <> 'broken'
          """
        ) { "job \($0.text(0)) died: \($0.optionalText(1) ?? "")" },
        try db.rows(
          """
          SELECT job_key, kind, actor FROM journal
          WHERE job_key IS NOT NULL
            AND kind IN ('claimed', 'claimed-again', 'reclaimed', 'checkpointed', 'completed')
          ORDER BY seq
          """
        ) { ($0.int64(0), $0.text(1), $0.text(2)) }
      )
    }
    await database.close()
    var findings = twice + open + dead
    var owners: [Int64: String] = [:]
    for (job, kind, actor) in lines {
      switch kind {
      case "claimed", "claimed-again": owners[job] = actor
      case "reclaimed": owners[job] = "nobody"
      default:
        if let owner = owners[job], owner != actor {
          findings.append("\(actor) wrote '\(kind)' for job \(job), which \(owner) had")
        }
      }
    }
    return findings
  }

  // MARK: - Payments

  /// The time in which an answer is committed even on a busy machine, in microseconds.
  static let commitTime: Int64 = 3_000_000

  /// Checks that a text was paid for again only if its answer was not committed before a kill or a stop, or if two
  /// requests asked for it at once.
  func wrongPayments(commitTime: Int64 = ChaosSite.commitTime) -> [String] {
    var first: [String: Int64] = [:]
    var findings: [String] = []
    let interruptions = interruptedAt
    var repeated = 0
    for payment in server.payments {
      let known = payment.texts.compactMap { text in first[text].map { (text, $0) } }
      if !known.isEmpty { repeated += 1 }
      for (text, at) in known {
        let wasBusy = interruptions.contains { (at...at + commitTime).contains($0) }
        if !wasBusy, payment.at - at > commitTime {
          findings.append("paid twice, \((payment.at - at) / 1000) ms apart: \(text.prefix(60))")
        }
      }
      for text in payment.texts where first[text] == nil { first[text] = payment.at }
      // From now on this answer counts.
      for (text, _) in known { first[text] = payment.at }
    }
    // Each worker can have four requests under way.
    if repeated > 4 * interruptions.count + 4 {
      findings.append("\(repeated) requests were paid for again after \(interruptions.count) interruptions")
    }
    return findings
  }

  var repeatedPayments: Int {
    var seen: Set<String> = []
    return server.paid.count { texts in
      defer { seen.formUnion(texts) }
      return texts.contains { seen.contains($0) }
    }
  }

  // MARK: - Files and processes

  private func list(_ folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  }

  /// Checks that each row of a blob file has its file.
  func wrongBlobs() async throws -> [String] {
    let database = try Database(path: data + "/ingestd.db", options: DatabaseOptions(mode: .readOnly))
    let rows = try await database.read { db in
      try db.rows("SELECT hash, size FROM blobs WHERE bytes IS NULL") { ($0.text(0), $0.int(1)) }
    }
    await database.close()
    return rows.compactMap { hash, size in
      var status = stat()
      let path = "\(data)/blobs/\(hash.prefix(2))/\(hash.dropFirst(2))"
      return stat(path, &status) == 0 && status.st_size == size ? nil : "the blob \(hash) has a row and no file"
    }
  }

  private func strayBlobs() async throws -> [String] {
    let database = try Database(path: data + "/ingestd.db", options: DatabaseOptions(mode: .readOnly))
    let known = try await database.read { db in
      Set(try db.rows("SELECT hash FROM blobs WHERE bytes IS NULL") { $0.text(0) })
    }
    await database.close()
    var strays: [String] = []
    for shard in list(data + "/blobs") {
      for name in list("\(data)/blobs/\(shard)") where !known.contains(shard + name) {
        strays.append("\(shard)/\(name)")
      }
    }
    return strays
  }

  /// Checks that no process runs, no lock is held, and a worker's maintenance leaves no file without its row.
  func leftovers() async throws -> [String] {
    var findings: [String] = []
    do {
      try await eventually("all processes end") { processes.isEmpty }
    } catch {
      findings.append("still running: \(processes)")
    }
    for name in list(data + "/workers") where (try? FileLock.isHeld(path: "\(data)/workers/\(name)")) != false {
      findings.append("the lock \(name) is held, but no process runs")
    }
    if try await strayBlobs().isEmpty { return findings }
    let worker = try startWorker()
    do {
      try await eventually("maintenance adopts or removes stray files") {
        try await strayBlobs().isEmpty
      }
    } catch {
      findings.append("files without a row: \(try await strayBlobs())")
    }
    worker.signal(SIGTERM)
    _ = try await worker.wait()
    return findings
  }
}
