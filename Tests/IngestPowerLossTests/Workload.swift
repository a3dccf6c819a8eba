import IngestBlobs
import IngestCore
import IngestIndex
import IngestSQL
import IngestStore
import IngestTestKit

/// One part of a workload that makes some of every kind of write, in a fixed order. A caller whose acknowledgement was
/// lost can repeat each act.
enum Act: String, CaseIterable, Sendable {
  case open, submit, drain, change, drainChanges, build, drainBuild, changeBoth, drainBoth, rollback, redrive,
    drainRedriven, checkpoint, collect, retain, submitMore, drainMore

  /// A text that is too large for a row but quick to parse, because the tests mostly run this.
  static let large = "A large text." + String(repeating: "\n", count: 66_000) + "Its end.\n"
}

/// The workload on one machine, and the promises made to it.
struct Workload {
  let machine: Machine
  /// Returns the number of operations done so far.
  let count: () -> Int
  var ledger = Ledger()

  mutating func run(_ act: Act) async throws {
    machine.clock.advance(by: .milliseconds(10))
    switch act {
    case .open:
      try await machine.register()
      try await machine.createIndex()
      ledger.note(.live(1), at: count())
    case .submit:
      try await submit("/a.txt", "the first text")
      try await submit("/b.txt", "another text")
      try await submit("/large.txt", Act.large)
    case .drain, .drainChanges, .drainBoth, .drainRedriven, .drainMore:
      try await drain()
    case .change:
      try await submit("/a.txt", "the first text, changed")
      let receipt = try await machine.delete("/large.txt")
      ledger.note(.accepted(uri: "/large.txt", revision: receipt.revision, text: nil), at: count())
      try await submit("/c.txt", "a text with a key", key: "key")
    case .build:
      let known = try await machine.store.list("docs")
      if known.count == 1 {
        _ = try await machine.store.openGeneration(
          index: "docs", spec: Machine.spec(target: 100), reindex: Machine.reindex, actor: "test")
      }
      try await machine.backend.create(
        GenerationName(index: "docs", number: 2), dimensions: Machine.embedder.dimensions)
    case .drainBuild:
      try await drain()
      ledger.note(.live(2), at: count())
    case .changeBoth:
      try await submit("/a.txt", "the first text, changed again")
      try await submit("/\(Machine.breaks).txt", "a text that breaks its first try")
    case .rollback:
      if try await machine.store.live("docs").number == 2 { try await machine.swap(to: 1, from: 2, rollback: true) }
      ledger.note(.live(1), at: count())
    case .redrive:
      _ = try await machine.store.act(
        .redrive(RedriveOptions()), on: JobFilter(state: .dead), dryRun: false, actor: "test")
    case .checkpoint:
      _ = try await machine.database.truncateLog()
    case .collect:
      try await machine.collectGeneration(2)
    case .retain:
      machine.clock.advance(by: .seconds(200 * 86_400))
      _ = try await machine.store.prune(try Retention())
      _ = try await machine.files.collect(grace: .seconds(3600))
    case .submitMore:
      try await submit("/d.txt", "the last text")
    }
  }

  private mutating func submit(_ uri: String, _ text: String, key: String? = nil) async throws {
    let receipt = try await machine.submit(uri, text, key: key)
    ledger.note(.accepted(uri: uri, revision: receipt.revision, text: text), at: count())
  }

  private mutating func drain() async throws {
    var seen = machine.ran.acknowledged.count
    let before = ledger
    var noted = before
    let (ran, count) = (machine.ran, count)
    func note() {
      for name in ran.acknowledged[seen...] { noted.note(.step(name), at: count()) }
      seen = ran.acknowledged.count
    }
    defer { ledger = noted }
    try await machine.drain { note() }
  }
}

extension Machine {
  /// Collects a generation as the real operation does. Repeating the call continues where it stopped.
  func collectGeneration(_ number: Int) async throws {
    _ = try await store.closeGeneration("docs", number, actor: "test")
    try await backend.delete(GenerationName(index: "docs", number: number))
  }
}
