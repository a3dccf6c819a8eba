import FoundationEssentials
private import Glibc
package import IngestCore

/// The machine's own clocks.
package struct SystemTime: TimeSource {
  package let bootID: String

  package init() {
    let path = "/proc/sys/kernel/random/boot_id"
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? "unknown"
    bootID = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? "unknown"
  }

  package var now: Timestamp { Timestamp(rawValue: Self.microseconds(CLOCK_REALTIME)) }
  package var uptime: Int64 { Self.microseconds(CLOCK_BOOTTIME) }

  package func sleep(for duration: Duration) async throws {
    try await Task.sleep(for: duration, clock: .continuous)
  }

  private static func microseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }
}
