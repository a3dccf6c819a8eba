import FoundationEssentials
import IngestCore
import IngestSQL
import IngestTestKit
import Testing

/// Readers query an index all the time while blue and green are swapped back and forth, with kills of workers and
/// swapping programs, updates and collections. `CHAOS_SWAPS` makes it longer.
@Suite("Search during swaps", .serialized)
struct SwapTests {
  @Test("during a hundred swaps no query fails, mixes generations or misses a document", .timeLimit(.minutes(20)))
  func hundred() async throws {
    let swaps = ProcessInfo.processInfo.environment["CHAOS_SWAPS"].flatMap(Int.init) ?? 100
    let place = try await SwapSite()
    let isOver = Flag()
    var findings: [String] = []
    var queries = 0
    var kills = 0
    let start = ContinuousClock.now
    try await withThrowingTaskGroup(of: (findings: [String], queries: Int, kills: Int).self) { group in
      group.addTask { try await Self.read(place, until: isOver, seed: 1) }
      group.addTask { try await Self.readWithProgram(place, until: isOver) }
      group.addTask { try await Self.change(place, until: isOver) }
      group.addTask { try await Self.work(place, until: isOver) }
      group.addTask {
        defer { isOver.set() }
        return try await Self.swap(place, swaps)
      }
      for try await part in group {
        findings += part.findings
        queries += part.queries
        kills += part.kills
      }
    }
    let done = try await Self.swaps(place.site)
    let took = ContinuousClock.now - start
    #expect(findings.isEmpty, "\(findings.joined(separator: "\n"))")
    #expect(done >= swaps)
    let drain = try await place.site.drain()
    #expect(drain.status == 0, "\(drain.error)")
    let verify = try await place.site.run(["index", "verify", "docs"])
    #expect(verify.status == 0, "\(verify.output) \(verify.error)")
    let journal = try await place.site.wrongJournal()
    #expect(journal.isEmpty, "\(journal.joined(separator: "\n"))")
    print("swaps: \(done) in \(took), \(queries) queries, \(kills) processes killed")
  }

  @Test(
    "a swap that is made in two transactions is found", .timeLimit(.minutes(15)),
    arguments: [nil, InjectedBug.swapInTwo])
  func inTwo(bug: InjectedBug?) async throws {
    let place = try await SwapSite(documents: 4, changing: 1)
    let isOver = Flag()
    let findings = try await withThrowingTaskGroup(of: [String].self) { group in
      group.addTask { try await Self.read(place, until: isOver, seed: 1, pause: .zero).findings }
      group.addTask {
        defer { isOver.set() }
        for _ in 0..<10 {
          let run = try await place.swap(bug: bug)
          #expect(run.status == 0, "\(run.error)")
        }
        return []
      }
      return try await group.reduce([]) { $0 + $1 }
    }
    #expect(findings.isEmpty == (bug == nil), "\(findings.joined(separator: "\n"))")
  }

  @Test(
    "an answer that mixes two generations is found", .timeLimit(.minutes(15)),
    arguments: [nil, InjectedBug.mixedSearch])
  func mixed(bug: InjectedBug?) async throws {
    let place = try await SwapSite(documents: 2, changing: 1)
    var reader = ReaderActor(shapes: place.shapes)
    for _ in 0..<2 {
      try await reader.look(for: place.marks[0], on: place.site, bug: bug)
      let run = try await place.swap()
      #expect(run.status == 0, "\(run.error)")
    }
    #expect(reader.findings.isEmpty == (bug == nil), "\(reader.findings.joined(separator: "\n"))")
  }

  // MARK: The participants

  typealias Part = (findings: [String], queries: Int, kills: Int)

  private static func read(
    _ place: SwapSite, until isOver: Flag, seed: UInt64, pause: Duration = .milliseconds(3)
  ) async throws -> Part {
    try await SearchProbe.with(place.site) { probe in
      var random = SplitMix(seed: seed)
      var reader = ReaderActor(shapes: place.shapes)
      while !isOver.isSet {
        if let mark = place.marks.randomElement(using: &random) {
          await reader.look(for: mark, in: probe, canVanish: false)
        }
        if pause > .zero { try await Task.sleep(for: pause) }
      }
      return (reader.findings, reader.queries, 0)
    }
  }

  private static func readWithProgram(_ place: SwapSite, until isOver: Flag) async throws -> Part {
    var random = SplitMix(seed: 2)
    var reader = ReaderActor(shapes: place.shapes)
    while !isOver.isSet {
      if let mark = place.marks.randomElement(using: &random) { try await reader.look(for: mark, on: place.site) }
      try await Task.sleep(for: .milliseconds(100))
    }
    return (reader.findings, reader.queries, 0)
  }

  private static func change(_ place: SwapSite, until isOver: Flag) async throws -> Part {
    var version = 1
    while !isOver.isSet {
      let first = place.changing.lowerBound + (2 * version) % place.changing.count
      try await place.submit([first, first + 1].filter(place.changing.contains), version: version)
      version += 1
      try await Task.sleep(for: .milliseconds(800))
    }
    return ([], 0, 0)
  }

  /// Runs two workers, one of which is killed from time to time.
  private static func work(_ place: SwapSite, until isOver: Flag) async throws -> Part {
    var random = SplitMix(seed: 3)
    let steady = try place.site.startWorker()
    var kills = 0
    while !isOver.isSet {
      let worker = try place.site.startWorker(FireOrder(nil, visit: Int.random(in: 10...80, using: &random)))
      _ = try await ChaosSite.pause(.seconds(2)) { isOver.isSet || worker.isGone }
      try await place.site.kill(worker)
      kills += 1
    }
    try await place.site.kill(steady)
    return ([], 0, kills + 1)
  }

  /// Swaps back and forth. Every seventh swapping program is killed. After every thirtieth swap the retired generation
  /// is collected and built again.
  private static func swap(_ place: SwapSite, _ swaps: Int) async throws -> Part {
    var findings: [String] = []
    var kills = 0
    var tries = 0
    while try await self.swaps(place.site) < swaps {
      tries += 1
      var order: FireOrder?
      if tries.isMultiple(of: 7) { order = FireOrder(tries.isMultiple(of: 2) ? .swapBefore : .swapAfter) }
      let run = try await place.swap(order: order)
      switch run.status {
      case 0, 4: break
      case ChaosSite.killed where order != nil: kills += 1
      default: findings.append("swap ended with \(run.status): \(run.output) \(run.error)")
      }
      if tries.isMultiple(of: 30) { try await renew(place) }
    }
    return (findings, 0, kills)
  }

  private static func renew(_ place: SwapSite) async throws {
    let live = try await SearchProbe.with(place.site) { probe in
      try await probe.generations().first { $0.state == .live }
    }
    try await eventually("the retired generation is collected") {
      try await place.site.run(["index", "gc", "docs"]).status == 0
    }
    // The new generation must cut differently from the live one.
    try await place.build(coarse: (live?.spec.chunker.target ?? 0) < 100)
    let built = try await SearchProbe.with(place.site) { probe in
      var number = 0
      try await eventually("a generation gets ready") {
        number = try await probe.generations().first { $0.state == .ready }?.number ?? 0
        return number > 0
      }
      return number
    }
    try await place.learn(built)
  }

  private static func swaps(_ site: ChaosSite) async throws -> Int {
    try await SearchProbe.with(site) { probe in
      try await probe.database.read { db in
        try db.first("SELECT count(*) FROM journal WHERE kind = 'swapped'") { $0.int(0) } ?? 0
      }
    }
  }
}
