import IngestCore
import IngestSQL
import IngestStore
import IngestTestKit
import Testing

@Suite("Searching jobs")
struct SearchTests {
  /// Makes a database with jobs of every state and reason, in two sources, two indexes and two workflows.
  private static func mixed(_ kind: StoreKind) async throws -> StoreFixture {
    let it = try await StoreFixture(kind)
    let notes = try await it.store.createIndex("notes", spec: StoreFixture.spec, actor: "test")
    try await it.store.activateFirst(notes, actor: "test")
    let worker = try await it.worker()
    for number in 0..<60 {
      var request = StoreFixture.request(
        "/\(number)", "text \(number)", source: number % 3 == 0 ? "b" : "a", index: number % 5 == 0 ? "notes" : "docs",
        workflow: StoreFixture.workflow(number % 7 == 0 ? "other" : "ingest"),
        notBefore: number % 11 == 0 ? it.clock.now + .seconds(100_000) : nil)
      request.meta = ["team": number % 2 == 0 ? "red" : "blue"]
      _ = try await it.store.submit(request)
      it.clock.advance(by: .seconds(60))
      guard number % 4 != 0, let job = try await it.claim(worker).first else { continue }
      switch number % 6 {
      case 1: try await it.finish(job)
      case 2: try await it.store.finish(job.lease, .dead(it.failed(.permanent, code: "C\(number % 2)")), last: nil)
      case 3:
        let outcome = JobOutcome.retry(
          it.failed(code: "DOWN"), after: .seconds(100_000), spends: true,
          reason: number % 2 == 0 ? .throttled : .retrying)
        try await it.store.finish(job.lease, outcome, last: nil)
      case 4: try await it.store.finish(job.lease, .cancelled, last: nil)
      case 5: _ = try await it.store.cancel(job.lease.job, actor: "test")
      default: break
      }
    }
    return it
  }

  /// Returns the jobs that a filter selects, checked one by one.
  private func expected(_ filter: JobFilter, of all: [JobReport], _ it: StoreFixture) async throws -> [String] {
    let metas = try await it.database.read { db in
      try db.rows("SELECT id, meta FROM documents") { ($0.text(0), $0.text(1)) }
    }
    return all.filter { job in
      let age = job.finishedAt ?? job.createdAt
      return (filter.source.map { $0 == job.source } ?? true) && (filter.index.map { $0 == job.index } ?? true)
        && (filter.workflow.map { $0 == job.workflow } ?? true) && (filter.state.map { $0 == job.state } ?? true)
        && (filter.reason.map { job.state == .queued && $0.rawValue == job.reason } ?? true)
        && (filter.code.map { $0 == job.error?.code } ?? true) && (filter.step.map { $0 == job.error?.step } ?? true)
        && (filter.since.map { age >= $0 } ?? true)
        && (filter.until.map { age < $0 } ?? true)
        && filter.meta.allSatisfy { key, value in
          metas.contains { $0.0 == job.document && $0.1.contains("\"\(key)\":\"\(value)\"") }
        }
    }.map(\.job)
  }

  /// Submits five jobs of another source, one of which starts; the others wait for a limit.
  private func throttle(_ it: StoreFixture) async throws {
    try await it.submit(5, source: "t")
    try await it.limit(try .throttle("2/h", source: "t"))
    let worker = try await it.worker("other")
    let started = try await it.claim(worker, limit: 5, scope: WorkScope(sources: ["t"]))
    #expect(started.count == 1)
  }

  @Test(
    "every filter finds exactly the jobs that match one by one, newest first, with any size of page",
    arguments: StoreKind.allCases)
  func filters(on kind: StoreKind) async throws {
    let it = try await Self.mixed(kind)
    try await throttle(it)
    let all = try await it.store.jobs(JobFilter(limit: 1000))
    #expect(all.map(\.job) == all.map(\.job).sorted(by: >) && all.count == 65)
    #expect(Set(all.map(\.state)).count >= 5 && all.contains { $0.reason == "throttled" })
    let middle = all[30].createdAt
    var filters: [JobFilter] = [JobFilter(meta: ["team": "red"]), JobFilter(meta: ["team": "none"])]
    for state in JobState.allCases {
      filters.append(JobFilter(state: state))
      filters.append(JobFilter(state: state, since: middle))
      filters.append(JobFilter(state: state, meta: ["team": "red"], until: middle))
    }
    for reason in QueuedReason.allCases {
      filters.append(JobFilter(reason: reason))
      filters.append(JobFilter(source: "a", reason: reason, since: middle))
    }
    filters.append(JobFilter(step: try #require(all.compactMap(\.error?.step).first)))
    filters.append(JobFilter(workflow: "none"))
    for source in [nil, "a", "b", "none"] {
      for (index, workflow) in [(nil, nil), ("notes", nil), ("docs", "other"), (nil, "ingest")] as [(String?, String?)]
      {
        for state in [nil, JobState.queued, .completed, .dead] {
          filters.append(JobFilter(source: source, index: index, state: state, workflow: workflow))
          filters.append(JobFilter(source: source, index: index, state: state, workflow: workflow, since: middle))
          filters.append(
            JobFilter(source: source, index: index, state: state, code: "C0", workflow: workflow, until: middle))
        }
      }
    }
    filters.append(JobFilter(code: "DOWN"))
    filters.append(JobFilter(since: middle, until: middle + .seconds(600)))
    for (few, window) in [(10_000, 200_000), (0, 7), (3, 1), (20, 13)] as [(Int, Int64)] {
      let store = Store(
        database: it.database, clock: it.clock,
        identifiers: IdentifierGenerator(clock: it.clock, random: SystemRandom()), searchFew: few, searchWindow: window)
      for filter in filters {
        var filter = filter
        filter.limit = 1000
        let wanted = try await expected(filter, of: all, it)
        let found = try await store.jobs(filter).map(\.job)
        #expect(found == wanted, "\(few), \(window): \(filter)")
        filter.limit = 4
        let first = try await store.jobs(filter).map(\.job)
        #expect(first == Array(wanted.prefix(4)), "\(few), \(window): \(filter)")
      }
    }
  }

  @Test(
    "status counts the queued jobs by the reason that users see, and each job reports the same reason",
    arguments: StoreKind.allCases)
  func reasons(on kind: StoreKind) async throws {
    let it = try await Self.mixed(kind)
    func check(_ reason: String? = nil) async throws {
      let counted = try await it.store.status()
      var listed: [String: Int] = [:]
      for job in try await it.store.jobs(JobFilter(state: .queued, limit: 1000)) {
        listed[job.reason ?? "", default: 0] += 1
      }
      let reasons = Dictionary(uniqueKeysWithValues: counted.queuedReasons.map { ($0.reason.rawValue, $0.count) })
      #expect(reasons == listed)
      #expect(counted.queuedReasons.reduce(0) { $0 + $1.count } == counted.queued)
      if let reason { #expect((listed[reason] ?? 0) > 0) }
    }
    try await it.submit(3, source: "b", from: 100)
    try await check("ready")
    try await throttle(it)
    try await check("throttled")
    let held = try #require(
      try await it.store.jobs(JobFilter(source: "t", reason: .throttled, limit: 50)).first { $0.error == nil })
    #expect(held.explanation?.contains("throttle 2/h per source") == true, "\(held.explanation ?? "")")
    let next = try #require(held.nextAt)
    #expect(next > it.clock.now && next <= it.clock.now + .seconds(1801))
    _ = try await it.store.pause(.source("b"), actor: "test")
    try await check("paused")
    _ = try await it.store.pause(.everything, actor: "test")
    try await check("paused")
    let paused = try #require(try await it.store.jobs(JobFilter(reason: .paused, limit: 50)).first)
    #expect(paused.explanation?.contains("everything is paused") == true)
  }
}
