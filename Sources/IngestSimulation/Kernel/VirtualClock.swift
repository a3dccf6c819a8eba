import IngestCore

/// The machine's clocks. The boot clock follows the kernel's time. The wall clock may be set. A reboot changes the boot
/// id and restarts the boot clock.
///
/// `@unchecked`: confined to the kernel's thread.
final class VirtualMachineClock: @unchecked Sendable {
  private let kernel: SimulationKernel
  private let start: Int64 = 1_700_000_000_000_000
  private var wallOffset: Int64 = 0
  private var bootedAt: Int64
  private(set) var boot = 1

  init(kernel: SimulationKernel) {
    self.kernel = kernel
    bootedAt = -3_600_000_000
  }

  var now: Timestamp { Timestamp(rawValue: start + kernel.elapsed + wallOffset) }
  var uptime: Int64 { kernel.elapsed - bootedAt }
  var bootID: String { "boot-\(boot)" }

  /// The total by which the wall clock was set back.
  private(set) var setBack = Duration.zero

  func setWall(by offset: Duration) {
    wallOffset += offset.microseconds
    if offset < .zero { setBack += .zero - offset }
  }

  func reboot() {
    boot += 1
    bootedAt = kernel.elapsed - 15_000_000
  }
}

/// The clocks as one process sees them. `@unchecked`: confined to the kernel's thread.
final class VirtualClock: TimeSource, @unchecked Sendable {
  private let machine: VirtualMachineClock
  private let process: SimulatedProcess
  /// Sleepers by their number.
  private var sleepers: [Int: (timer: Int, continuation: UnsafeContinuation<Bool, Never>)] = [:]
  private var nextSleeper = 0

  init(_ machine: VirtualMachineClock, process: SimulatedProcess) {
    self.machine = machine
    self.process = process
  }

  var now: Timestamp { machine.now }
  var uptime: Int64 { machine.uptime }
  var bootID: String { machine.bootID }

  func sleep(for duration: Duration) async throws {
    nextSleeper += 1
    let sleeper = nextSleeper
    let finished = await withTaskCancellationHandler {
      await withUnsafeContinuation { (continuation: UnsafeContinuation<Bool, Never>) in
        if Task.isCancelled { return continuation.resume(returning: false) }
        if duration <= .zero { return continuation.resume(returning: true) }
        let timer = process.schedule(after: duration.microseconds) { [self] in
          sleepers.removeValue(forKey: sleeper)?.continuation.resume(returning: true)
        }
        sleepers[sleeper] = (timer, continuation)
      }
    } onCancel: {
      guard let found = sleepers.removeValue(forKey: sleeper) else { return }
      process.cancel(found.timer)
      found.continuation.resume(returning: false)
    }
    if !finished { throw CancellationError() }
  }
}
