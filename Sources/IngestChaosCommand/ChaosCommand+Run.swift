import Glibc
import IngestCLI
import IngestCore
import IngestSimulation
import Synchronization

/// A run of many worlds on all processors, until all are done, one broke a promise, or a signal interrupts it.
final class ChaosRun: Sendable {
  private struct State {
    var next = 0
    var done = 0
    var isOver = false
    var isInterrupted = false
    var broken: Simulation.Report?
    var deadLetters: [String: Int] = [:]
    var jobs = 0
    var notedAt: ContinuousClock.Instant
  }

  private let first: UInt64
  private let count: Int
  private let plan: @Sendable (UInt64) -> SimulationPlan
  private let bug: InjectedBug?
  private let console: Console
  private let start = ContinuousClock.now
  private let state: Mutex<State>

  init(
    first: UInt64, count: Int, bug: InjectedBug?, console: Console, plan: @escaping @Sendable (UInt64) -> SimulationPlan
  ) {
    self.first = first
    self.count = count
    self.bug = bug
    self.console = console
    self.plan = plan
    state = Mutex(State(notedAt: start))
  }

  func run() async throws -> ChaosResult {
    let processors = max(1, min(Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), 16, count))
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 0..<processors {
        group.addTask {
          while let seed = self.nextSeed() {
            self.note(try Simulation.run(self.plan(seed), injecting: self.bug))
            // A world blocks its thread; the task that listens for signals runs between two worlds.
            await Task.yield()
          }
          return true
        }
      }
      group.addTask {
        for await _ in TerminationSignals.stream() { self.interrupt() }
        return false
      }
      defer { group.cancelAll() }
      var running = processors
      while running > 0, let isWorker = try await group.next() {
        if isWorker { running -= 1 }
      }
    }
    return try result()
  }

  private func nextSeed() -> UInt64? {
    state.withLock { state in
      guard !state.isOver, state.next < count else { return nil }
      defer { state.next += 1 }
      return first &+ UInt64(state.next)
    }
  }

  private func interrupt() {
    state.withLock { state in
      state.isOver = true
      state.isInterrupted = true
    }
  }

  private func note(_ report: Simulation.Report) {
    let now = ContinuousClock.now
    let done: Int? = state.withLock { state in
      state.done += 1
      state.jobs += report.jobs
      state.deadLetters.merge(report.deadLetters, uniquingKeysWith: +)
      if report.finding != nil {
        state.isOver = true
        // If two worlds break a promise, the lower seed wins, so that the same command reports the same world.
        if report.plan.seed < state.broken?.plan.seed ?? .max { state.broken = report }
      }
      guard now - state.notedAt > .seconds(2), !state.isOver else { return nil }
      state.notedAt = now
      return state.done
    }
    if let done { console.note("\(done) of \(count) worlds, \(pace(done)) a second") }
  }

  private func pace(_ worlds: Int) -> String {
    let tenths = Int((Double(worlds) / max(0.001, (ContinuousClock.now - start).seconds) * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  private func result() throws -> ChaosResult {
    let end = state.withLock { $0 }
    let time = ContinuousClock.now - start
    var broken = end.broken
    if let report = broken, !end.isInterrupted {
      console.note("seed \(report.plan.seed) broke a promise; searching for a smaller world that does too")
      broken = try Shrinker.shrink(report, injecting: bug)
    }
    return ChaosResult(
      first: first, worlds: end.done, time: time, pace: pace(end.done), jobs: end.jobs, deadLetters: end.deadLetters,
      isInterrupted: end.isInterrupted, broken: broken)
  }
}

/// The result of a run.
struct ChaosResult {
  var first: UInt64
  var worlds: Int
  var time: Duration
  var pace: String
  var jobs: Int
  var deadLetters: [String: Int]
  var isInterrupted: Bool
  /// The smallest world found that breaks the promise.
  var broken: Simulation.Report?

  private struct Shown: Encodable {
    struct Broken: Encodable {
      var seed: UInt64
      var promise: String
      var sentence: String
      var atMs: Int64
      var ingredients: [String]
      var story: [String]
      var command: String
    }

    var held: Bool
    var firstSeed: UInt64
    var worlds: Int
    var jobs: Int
    var durationMs: Int64
    var deadLetters: [String: Int]
    var broken: Broken?
  }

  /// Prints the result.
  /// - Parameter command: the command that repeats the world that broke a promise.
  func print(_ console: Console, command: String) throws {
    let shown = broken.flatMap { report in
      report.finding.map { finding in
        Shown.Broken(
          seed: report.plan.seed, promise: finding.promise.rawValue, sentence: finding.sentence,
          atMs: finding.at / 1000, ingredients: report.plan.ingredients.sorted().map(\.rawValue),
          story: report.story.map(\.description), command: command)
      }
    }
    try console.json(
      Shown(
        held: shown == nil, firstSeed: first, worlds: worlds, jobs: jobs, durationMs: time.milliseconds,
        deadLetters: deadLetters, broken: shown))
    let letters = deadLetters.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    if let shown {
      try console.line("seed \(shown.seed) broke a promise: \(shown.promise)", .bad)
      try console.line(shown.sentence.visible)
      try console.line("")
      for line in shown.story { try console.line(line.visible, .dim) }
      try console.line("")
      let ingredients = shown.ingredients.isEmpty ? "no ingredient" : shown.ingredients.joined(separator: ", ")
      try console.line("the smallest world found has: \(ingredients)")
      try console.line("run it again: \(command)")
    } else {
      try console.line(
        "\(DecimalText.grouped(worlds)) worlds from seed \(first) on, \(DecimalText.grouped(jobs)) jobs, \(pace) worlds a "
          + "second: every promise held", .good)
    }
    if !letters.isEmpty {
      try console.line(
        "dead letters: " + letters.map { "\($0.key.visible) \($0.value)" }.joined(separator: ", "), .dim)
    }
  }
}
