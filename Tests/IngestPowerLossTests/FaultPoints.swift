import IngestCore
import IngestTestKit

/// Makes every fault strike at every single operation of every act. Each run starts from the disk as it was before the
/// act.
struct FaultPoints {
  struct Broken: CustomStringConvertible, Sendable {
    var act: Act
    var fault: Fault
    var target: Int
    var problems: [String]

    var description: String { "\(fault) at \(target) of \(act): \(problems.joined(separator: "; "))" }
  }

  struct Found: Sendable {
    /// How often each fault struck.
    var faults: [Fault: Int] = [:]
    /// How often the power was lost as well.
    var deaths = 0
    var broken: [Broken] = []
  }

  let run: RecordedRun
  private(set) var found = Found()
  private var checker: DiskChecker

  init(run: RecordedRun) throws {
    self.run = run
    checker = try DiskChecker()
  }

  /// - Parameter part: from 0 to `parts` - 1. Every `parts`th operation belongs to one part.
  mutating func strike(_ act: Act, part: Int, of parts: Int) async throws {
    let begin = run.points(of: act).lowerBound
    var model = DiskModel()
    for operation in run.log.prefix(begin) { model.apply(operation) }
    let base = model.image(.nothing)
    let ledger = run.ledger.before(begin)
    for fault in Fault.allCases {
      let counting = Trigger(fault, at: -1)
      _ = try await strike(act, counting, base, ledger)
      for target in stride(from: part, to: counting.seen, by: parts) {
        let problems = try await strike(act, Trigger(fault, at: target), base, ledger)
        found.faults[fault, default: 0] += 1
        if !problems.isEmpty { found.broken.append(Broken(act: act, fault: fault, target: target, problems: problems)) }
        if found.broken.count >= 3 { return }
      }
    }
  }

  private mutating func strike(
    _ act: Act, _ trigger: Trigger, _ base: DiskImage, _ ledger: Ledger
  ) async throws -> [String] {
    let folder = try TemporaryFolder.inMemory("fault")
    defer { withExtendedLifetime(folder) {} }
    try base.write(to: folder.path)
    let disk = WatchedDisk(root: folder.path)
    defer { disk.end() }
    disk.decide { trigger.decide($0) }
    let clock = ManualClock(start: Timestamp(rawValue: 1_750_000_000_000_000))
    func open() throws -> Machine {
      try Machine(
        root: folder.path, clock: clock, seed: 7, vfs: WatchedDisk.vfs, onFatal: { _ in trigger.die() })
    }
    if act == .open { trigger.arm() }
    let machine: Machine
    do {
      machine = try open()
    } catch {
      if trigger.isDead { return try await left(on: disk, base, ledger, act) }
      trigger.lift()
      do { machine = try open() } catch { return ["it cannot be opened again: \(error)"] }
    }
    trigger.arm()
    var workload = Workload(machine: machine, count: { disk.count }, ledger: ledger)
    var problems: [String] = []
    do {
      try await workload.run(act)
    } catch {
      trigger.lift()
      if !trigger.isDead { problems = await repeats(act, on: &workload) }
    }
    trigger.lift()
    if !trigger.isDead, problems.isEmpty {
      problems = await Promises.problems(of: machine, promised: workload.ledger.view(at: .max))
    }
    await machine.close()
    guard problems.isEmpty, trigger.hasStruck, trigger.isDead || trigger.fault == .syncFails else { return problems }
    return try await left(on: disk, base, workload.ledger, act)
  }

  /// Repeats the act a little later, as a real caller does. By then the lease of the first try has run out.
  private func repeats(_ act: Act, on workload: inout Workload) async -> [String] {
    workload.machine.clock.advance(by: .seconds(31))
    do {
      try await workload.run(act)
      return []
    } catch {
      return ["it cannot be repeated: \(error)"]
    }
  }

  /// Returns the problems after an immediate loss of power, with and without the unsynced changes.
  private mutating func left(
    on disk: WatchedDisk, _ base: DiskImage, _ ledger: Ledger, _ act: Act
  ) async throws -> [String] {
    found.deaths += 1
    var model = DiskModel(base)
    for operation in disk.log { model.apply(operation) }
    var view = ledger.view(at: .max)
    // The swap may have been done although its caller got no answer.
    if act == .drainBuild || act == .rollback { view.live = [1, 2] }
    for loss in [Loss.everything, .nothing, .some(seed: UInt64(found.deaths))] {
      let problems = try await checker.problems(on: model.image(loss), promised: view)
      if !problems.isEmpty { return problems.map { "losing \(loss): \($0)" } }
    }
    return []
  }
}
