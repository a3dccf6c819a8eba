import Glibc
import IngestCore
import IngestTestKit
import Synchronization
import Testing

/// One run: workers that are killed and stopped, people who keep working, a reader that never stops.
struct Chaos: Sendable {
  private let seed: UInt64
  private let site: ChaosSite

  init(seed: UInt64) async throws {
    self.seed = seed
    site = try await ChaosSite("retention: {interval: 1s, completed: 0s, cancelled: 0s}\nblobs: {gc-grace: 5s}")
  }

  /// - Returns: every problem found at the end.
  func run(kills: Int) async throws -> [String] {
    var actors = [
      try DocumentActor(site, source: "alpha", count: 45, seed: seed &+ 1),
      try DocumentActor(site, source: "beta", count: 45, seed: seed &+ 2),
      try DocumentActor(site, source: "fickle", count: 6, seed: seed &+ 3),
    ]
    for number in actors.indices { try await actors[number].submitAll() }
    let isOver = Flag()
    let marks = actors.flatMap { actor in actor.ledger.entries.values.map(\.mark) }
    let started = actors
    var findings: [String] = []
    var ledger = Ledger()
    var programKills = 0
    var queries = 0
    var workers = WorkerCounts()
    var done: [String: Int] = [:]

    try await withThrowingTaskGroup(of: Part.self) { group in
      for actor in started {
        group.addTask {
          var actor = actor
          while !isOver.isSet {
            try await actor.act()
            try await Task.sleep(for: .milliseconds(actor.source == "fickle" ? 900 : 250))
          }
          // Submits again what was cancelled.
          if actor.source == "fickle" { try await actor.submitAll() }
          return .documents(actor)
        }
      }
      group.addTask {
        var operations = OperatorActor(site, seed: seed &+ 4)
        while !isOver.isSet {
          try await operations.act()
          try await Task.sleep(for: .milliseconds(150))
        }
        try await operations.tidy()
        return .operations(operations)
      }
      group.addTask {
        try await SearchProbe.with(site) { probe in
          var random = SplitMix(seed: seed &+ 5)
          var reader = ReaderActor()
          while !isOver.isSet {
            if let mark = marks.randomElement(using: &random) {
              await reader.look(for: mark, in: probe, canVanish: true)
            }
            try await Task.sleep(for: .milliseconds(10))
          }
          return .reader(reader)
        }
      }
      workers = try await harass(kills: kills)
      isOver.set()
      for try await part in group {
        switch part {
        case .documents(let actor):
          ledger.merge(actor.ledger)
          findings += actor.findings
          programKills += actor.kills
        case .operations(let operations):
          findings += operations.findings
          programKills += operations.kills
          done = operations.done
        case .reader(let reader):
          findings += reader.findings
          queries = reader.queries
        }
      }
    }
    findings += try await settle()
    findings += try await site.verdict(ledger)
    print(
      """
      chaos: \(workers.killed) workers killed (\(workers.atPoints) of them at \(Set(site.fired.at).count) points), \
      \(workers.stopped) stopped past their lease, \(programKills) other programs killed, \(queries) queries, \
      \(done.map { "\($0.value) \($0.key)" }.sorted().joined(separator: ", ")); \
      \(site.repeatedPayments) of \(site.server.paid.count) requests were paid for again
      """)
    return findings
  }

  private enum Part: Sendable {
    case documents(DocumentActor)
    case operations(OperatorActor)
    case reader(ReaderActor)
  }

  private struct WorkerCounts {
    var killed = 0
    var atPoints = 0
    var stopped = 0
  }

  /// Keeps two workers running. Each is killed at a crash point, killed at a random time, or stopped until its lease
  /// has run out.
  private func harass(kills: Int) async throws -> WorkerCounts {
    var random = SplitMix(seed: seed)
    var counts = WorkerCounts()
    var workers = [try start(&random), try start(&random)]
    while counts.killed < kills {
      let victim = counts.killed % workers.count
      let worker = workers[victim]
      let patience = Duration.milliseconds(Int.random(in: 100...700, using: &random))
      let isDown = { [site] in worker.isGone || site.isHalted(worker) }
      if try await ChaosSite.pause(patience, unless: isDown) {
        site.noteInterruption()
        counts.atPoints += 1
        if site.isHalted(worker) {
          try await site.stop(worker)
          // Past its lease: the worker that now has its jobs must not be disturbed when it wakes.
          try await Task.sleep(for: .milliseconds(1300))
          counts.stopped += 1
          try site.wake(worker)
          try await Task.sleep(for: .milliseconds(Int.random(in: 0...300, using: &random)))
        }
      }
      try await site.kill(worker)
      counts.killed += 1
      workers[victim] = try start(&random)
    }
    for worker in workers { try await site.kill(worker) }
    return counts
  }

  private static let points = CrashPoint.allCases

  private func start(_ random: inout SplitMix) throws -> RunningProgram {
    switch Int.random(in: 0..<4, using: &random) {
    case 0: try site.startWorker()
    case 1: try site.startWorker(FireOrder(nil, visit: Int.random(in: 1...150, using: &random)))
    case 2: try site.startWorker(FireOrder(nil, visit: Int.random(in: 5...80, using: &random), act: .stop))
    default:
      try site.startWorker(
        FireOrder(
          Self.points[Int.random(in: 0..<Self.points.count, using: &random)],
          visit: Int.random(in: 1...5, using: &random)))
    }
  }

  /// Runs all remaining work. A document that was alone in its process at every death is rightly quarantined: it is
  /// redriven.
  private func settle() async throws -> [String] {
    var findings: [String] = []
    for _ in 0..<3 {
      let drain = try await site.drain()
      if drain.status != 0 { findings.append("drain ended with \(drain.status): \(drain.error)") }
      let quarantined = try await site.run(["dead", "list", "--quarantined", "--json"])
      guard quarantined.lines.isEmpty == false else { break }
      print("chaos: \(quarantined.lines.count) documents were in quarantine and are let out")
      let redriven = try await site.run(["dead", "redrive", "--quarantined", "--all"])
      if redriven.status != 0 { findings.append("redrive: \(redriven.output) \(redriven.error)") }
    }
    return findings
  }
}

/// A flag that is set once and read by all tasks.
final class Flag: Sendable {
  private let value = Mutex(false)

  var isSet: Bool { value.withLock { $0 } }
  func set() { value.withLock { $0 = true } }
}

extension RunningProgram {
  var isGone: Bool {
    switch ChaosSite.state(of: processID) {
    case nil, "Z": true
    default: false
    }
  }
}
