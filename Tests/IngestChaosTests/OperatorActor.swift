import FoundationEssentials
import Glibc
import IngestCore
import IngestSQL
import IngestTestKit

/// An operator who builds, swaps, rolls back, collects, verifies, cancels, pauses, replays and redrives, and whose
/// programs are sometimes killed.
struct OperatorActor {
  let site: ChaosSite
  private(set) var findings: [String] = []
  private(set) var kills = 0
  /// How often each action was done, by its first two words.
  private(set) var done: [String: Int] = [:]
  private var random: SplitMix
  private var broken = 0

  init(_ site: ChaosSite, seed: UInt64) {
    self.site = site
    random = SplitMix(seed: seed)
  }

  mutating func act() async throws {
    switch Int.random(in: 0..<12, using: &random) {
    case 0:
      // Every submit writes to each open generation, so there must not be many.
      let open = try await site.generations()
      if open >= 3 {
        return try await perform(["index", "gc", "docs"], [0, 4, 75], [.closeBefore, .closeAfter, .deleteBefore])
      }
      let settings = random.one(in: 2) ? ["--chunk-tokens", "64", "--chunk-max", "96", "--chunk-overlap", "8"] : []
      try await perform(
        ["index", "build", "docs", "--force"] + settings, [0], [.openBefore, .openAfter, .createBefore, .createAfter])
    case 1, 2, 3:
      try await perform(["index", "swap", "docs", "--wait", "1s"], [0, 4], [.swapBefore, .swapAfter])
    case 4, 5: try await perform(["index", "rollback", "docs"], [0, 4], [.swapBefore, .swapAfter])
    case 6:
      try await perform(
        ["index", "gc", "docs"], [0, 4, 75], [.closeBefore, .closeAfter, .deleteBefore, .deleteAfter])
    // The index always matches the catalogue, also during kills; the status is 75 while jobs are open.
    case 7: try await perform(["index", "verify", "docs"], [0, 75], [.settleBefore, .settleAfter])
    case 8:
      try await perform(["source", "pause", "alpha"], [0, 3], [])
      try await perform(["source", "resume", "alpha"], [0, 3], [])
    case 9: try await perform(["job", "cancel", "--source", "fickle"], [0, 4], [.actBefore, .actAfter])
    case 10:
      try await perform(["job", "replay", "--source", "beta", "--since", "2s"], [0, 4], [.actBefore, .actAfter])
    default:
      broken += 1
      try await perform(
        ["submit", "-", "--uri", "broken-\(broken).pdf", "--source", "broken"], [0], [.submitBefore, .submitAfter],
        input: "%PDF-1.4 and no more of number \(broken)")
      try await perform(["dead", "redrive", "--source", "broken"], [0, 3, 4], [.actBefore, .actAfter])
    }
  }

  /// Removes the documents that were broken on purpose: until then they keep green from becoming like live.
  mutating func tidy() async throws {
    try await perform(["source", "resume", "--all"], [0], [])
    try await perform(["source", "resume", "alpha"], [0, 3], [])
  }

  private mutating func perform(
    _ words: [String], _ accepted: Set<Int32>, _ points: [CrashPoint], input: String = ""
  ) async throws {
    var order: FireOrder?
    if !points.isEmpty, random.one(in: 4) {
      order = FireOrder(points[Int.random(in: 0..<points.count, using: &random)])
    }
    let run = try await site.run(words, order: order, input: input)
    done[words.prefix(2).joined(separator: " "), default: 0] += 1
    if run.status == ChaosSite.killed, order != nil {
      kills += 1
    } else if !accepted.contains(run.status) {
      findings.append("\(words.joined(separator: " ")) ended with \(run.status): \(run.output) \(run.error)")
    }
  }
}

extension ChaosSite {
  /// Returns the number of generations that are not deleted.
  func generations() async throws -> Int {
    try await SearchProbe.with(self) { probe in try await probe.generations().count { $0.state != .deleted } }
  }
}
