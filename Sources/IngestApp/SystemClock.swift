internal import FoundationEssentials
internal import Glibc
package import IngestCore

/// The clocks of the operating system.
package struct SystemClock: TimeSource {
  package let bootID: String

  package init() {
    let text = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
    bootID = text.map { String($0.prefix { !$0.isWhitespace }) } ?? "unknown"
  }

  package var now: Timestamp { Timestamp(rawValue: Self.read(CLOCK_REALTIME)) }

  package var uptime: Int64 { Self.read(CLOCK_BOOTTIME) }

  package func sleep(for duration: Duration) async throws { try await Task.sleep(for: duration) }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
  }
}
