import IngestTestKit

/// Loses power after every single operation of a recorded run, in every way, and looks what is left.
struct CrashPoints {
  struct Broken: CustomStringConvertible {
    var point: Int
    var loss: Loss
    var last: String
    var problems: [String]

    var description: String {
      "after operation \(point) (\(last)), losing \(loss): \(problems.joined(separator: "; "))"
    }
  }

  let log: [DiskOperation]
  let ledger: Ledger
  private(set) var disks = 0
  private(set) var checks = 0
  private(set) var broken: [Broken] = []

  init(log: [DiskOperation], ledger: Ledger) {
    self.log = log
    self.ledger = ledger
  }

  /// The ways to lose power after operation `point`: the random ones are drawn anew at each.
  static func losses(at point: Int) -> [Loss] {
    let seed = UInt64(point)
    return [
      .everything, .nothing, .some(seed: 3 * seed), .some(seed: 3 * seed + 1),
      .torn(seed: 3 * seed + 2, sector: 512), .torn(seed: 3 * seed + 2, sector: 4096),
    ]
  }

  /// - Parameters:
  ///   - points: after so many operations; all of the log's in most cases.
  ///   - most: broken promises to look for at most.
  mutating func run(_ points: some Sequence<Int>, most: Int = 3) async throws {
    var model = DiskModel()
    var done = 0
    var jury = try Jury()
    defer { (disks, checks) = (jury.disks, jury.checks) }
    for point in points {
      while done < point {
        model.apply(log[done])
        done += 1
      }
      let view = ledger.view(at: point)
      for loss in Self.losses(at: point) {
        let problems = try await jury.problems(on: model.image(loss), promised: view)
        guard !problems.isEmpty else { continue }
        broken.append(
          Broken(point: point, loss: loss, last: point > 0 ? "\(log[point - 1])" : "none", problems: problems))
        if broken.count >= most { return }
      }
    }
  }
}

extension TemporaryFolder {
  /// In memory where the system has such a folder: these tests write much that nobody keeps.
  static func inMemory(_ name: String) throws -> TemporaryFolder { try TemporaryFolder(name, beneath: "/dev/shm") }
}
