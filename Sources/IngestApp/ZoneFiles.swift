internal import Glibc
import IngestCore

/// Time zones by their IANA names, from the system's files. Each call reads the file again (about 2 KB), so an update of the
/// system's rules applies from the next tick on.
struct ZoneFiles: TimeZoneSource {
  var folder = "/usr/share/zoneinfo"

  func rules(of zone: String) throws -> TimeZoneRules {
    if zone == "UTC" { return .utc }
    let parts = zone.split(separator: "/", omittingEmptySubsequences: false)
    let isName =
      (1...100).contains(zone.utf8.count)
      && parts.allSatisfy { part in
        !part.isEmpty && part.first != "."
          && part.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
              UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"):
              true
            default: false
            }
          }
      }
    guard isName else { throw Self.unknown(zone, "is not a name such as Europe/Berlin") }
    guard let bytes = Self.read("\(folder)/\(zone)") else {
      throw Self.unknown(
        zone,
        access(folder, F_OK) == 0 ? "is not among the system's time zones" : "cannot be read: \(folder) is missing")
    }
    return try TimeZoneRules(bytes: bytes)
  }

  private static func unknown(_ zone: String, _ problem: String) -> Failure {
    Failure(
      .permanent, code: "TIME_ZONE_INVALID", "The time zone '\(zone.shortened(to: 100))' \(problem).",
      hint: "Give an IANA name such as Europe/Berlin, or UTC; the rules are in the package tzdata.", category: .invalid)
  }

  private static func read(_ path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 256 * 1024)
    var count = 0
    while count < bytes.count {
      let more = bytes.withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress.map { $0 + count }, $0.count - count)
      }
      guard more >= 0 else { return nil }
      if more == 0 { break }
      count += more
    }
    return Array(bytes[..<count])
  }
}
