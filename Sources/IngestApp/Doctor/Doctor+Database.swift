import Glibc
import IngestBlobs
import IngestConfig
import IngestCore
import IngestIndex
import IngestIndexSQLite
import IngestSQL
import IngestStore
import IngestOperations

extension Doctor {
  /// The most blob files that are checked.
  private static let sample = 1000

  /// Checks the database and what it refers to.
  /// - Returns: the open generations of all indexes that can be read.
  func database(_ layout: DataLayout, _ configuration: Configuration) async throws -> [Generation] {
    let check = "database"
    if let lost = layout.lostDatabase {
      try report(.fail(check, lost))
      return []
    }
    let database: Database
    do {
      let pending = try Database.migrationStatus(path: layout.database, migrations: Store.migrations)
        .filter { $0.appliedAt == nil }
      var options = DatabaseOptions(mode: .readOnly, migrations: pending.isEmpty ? Store.migrations : [])
      options.busy.limit = configuration.store.busyTimeout
      database = try Database(path: layout.database, options: options)
      if pending.isEmpty {
        try report(.ok("schema", "at \(Store.migrations.last?.name ?? "its beginning"), which this program knows"))
      } else {
        try report(
          .warn(
            "schema", "\(pending.count) migrations are pending: \(pending.map(\.name).joined(separator: ", "))",
            hint: "the next command applies them; \(Action(.migrate)) does nothing else"))
      }
    } catch SQLError.missing {
      try report(.warn(check, "there is none yet in \(layout.folder)", hint: "\(Action(.submit)) makes it"))
      return []
    } catch {
      try report(.fail(check, error))
      return []
    }
    let generations = await look(into: database, layout)
    await database.close()
    for finding in generations.findings { try report(finding) }
    return generations.open
  }

  private func look(into database: Database, _ layout: DataLayout) async -> (
    findings: [DoctorFinding], open: [Generation]
  ) {
    var findings: [DoctorFinding] = []
    let identifiers = IdentifierGenerator(clock: request.clock, random: SystemRandom())
    let store = Store(database: database, clock: request.clock, identifiers: identifiers)
    await findings.append(integrity(database))
    await findings.append(
      attempt("counters") {
        let problems = try await store.counterProblems()
        guard !problems.isEmpty else { return .ok("counters", "they equal a fresh count") }
        return .fail(
          "counters", problems.prefix(5).joined(separator: "; ") + (problems.count > 5 ? "; …" : ""),
          hint: "please report this with the output of \(Action(.doctor, with: ["json": nil])); jobs may wait for ever")
      })
    await findings.append(attempt("workers") { try await workers(store) })
    await findings.append(attempt("blobs") { try await blobs(store, layout) })
    var open: [Generation] = []
    do {
      for index in try await store.indexNames() {
        open += try await store.list(index).filter(\.isOpen)
      }
    } catch {
      findings.append(.fail("indexes", error))
    }
    await findings += indexes(open, layout)
    return (findings, open)
  }

  /// Runs a check whose own failure is a finding.
  private func attempt(_ check: String, _ body: () async throws -> DoctorFinding) async -> DoctorFinding {
    do { return try await body() } catch { return .fail(check, error) }
  }

  private func integrity(_ database: Database) async -> DoctorFinding {
    let hint: Hint = "stop the workers, keep a copy of the data folder, and restore a backup"
    do {
      let problems = try await database.integrityProblems()
      guard !problems.isEmpty else { return .ok("database", "sound") }
      return .fail(
        "database", "damaged: " + problems.prefix(3).joined(separator: "; ") + (problems.count > 3 ? "; …" : ""),
        hint: hint)
    } catch let error as SQLError {
      return .fail("database", "damaged: \(error.detail.message)", hint: hint)
    } catch {
      return .fail("database", error)
    }
  }

  private func workers(_ store: Store) async throws -> DoctorFinding {
    let rows = try await store.status().workers
    let dead = rows.filter { !$0.isAlive }
    guard !dead.isEmpty else {
      return .ok("workers", rows.isEmpty ? "none is running" : "\(rows.count) alive")
    }
    let jobs = dead.reduce(0) { $0 + $1.running }
    return .warn(
      "workers", "\(dead.count) of \(rows.count) died and left \(jobs) jobs",
      hint: "another worker continues their jobs; start one with \(Action(.worker))")
  }

  private func blobs(_ store: Store, _ layout: DataLayout) async throws -> DoctorFinding {
    let expected = try await store.sampleBlobFiles(limit: Self.sample)
    let found = try await FileBlobStore(folder: layout.blobs, rows: store).inspect(expected, limit: Self.sample)
    if let first = found.missing.first {
      return .fail(
        "blobs", "\(found.missing.count) of \(found.looked) files are missing or cut short, such as \(first)",
        hint: "restore \(layout.blobs) from a backup, or submit the documents again")
    }
    if found.orphans > 0 {
      return .warn(
        "blobs", "\(found.orphans) files belong to nothing: a crash left them",
        hint: "they take space and do no harm")
    }
    return .ok("blobs", found.looked == 0 ? "no large ones yet" : "\(found.looked) files checked, none is missing")
  }

  private func indexes(_ open: [Generation], _ layout: DataLayout) async -> [DoctorFinding] {
    let files = SQLiteIndex(folder: layout.indexes)
    let backends = BackendRegistry([files])
    var findings: [DoctorFinding] = []
    for generation in open {
      let check = "index \(generation.index), generation \(generation.number)"
      do {
        let name = GenerationName(generation)
        let backend = try backends.backend(for: generation.spec)
        let counts = try await backend.counts(in: name)
        let damaged =
          try await backend.verifiable?.inventory(after: nil, limit: 200, in: name).filter(\.isDamaged).count ?? 0
        if damaged > 0 {
          findings.append(
            .fail(
              check, "\(damaged) of the first documents lack vectors or full text",
              hint: "\(Action(.indexVerify, generation.index, with: ["repair": nil])) restores it from kept documents")
          )
          continue
        }
        let about = backend.capabilities.contains(.exactCounts) ? "" : "about "
        findings.append(
          .ok(
            check,
            "\(generation.state.rawValue), \(about)\(counts.documents) documents, \(about)\(counts.chunks) chunks"))
      } catch IndexError.generationMissing {
        findings.append(
          .fail(
            check, "its files are missing from \(layout.indexes)",
            hint:
              "\(Action(.indexVerify, generation.index, with: ["repair": nil])) creates them again from kept documents"
          ))
      } catch {
        findings.append(.fail(check, error))
      }
    }
    await files.close()
    return findings
  }
}

extension DocumentInventory {
  /// Whether a chunk that searches must find has lost its vector or its words.
  fileprivate var isDamaged: Bool {
    parts.contains {
      $0.revision == visible && ($0.vectors.count != $0.chunks.count || $0.fullText.count != $0.chunks.count)
    }
  }
}
