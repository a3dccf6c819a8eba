import IngestTestKit

/// Loses power after every single operation of a recorded run, in every way, and checks what is left.
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

  /// Returns the ways to lose power after operation `point`. The random ones are drawn again at each point.
  static func losses(at point: Int) -> [Loss] {
    let seed = UInt64(point)
    return [
      .everything, .nothing, .some(seed: 3 * seed), .some(seed: 3 * seed + 1),
      .torn(seed: 3 * seed + 2, sector: 512), .torn(seed: 3 * seed + 2, sector: 4096),
    ]
  }

  /// - Parameters:
  ///   - points: numbers of operations after which the power goes; in most cases all of the log's.
  ///   - most: the number of broken promises after which the run stops.
  mutating func run(_ points: some Sequence<Int>, most: Int = 3) async throws {
    var model = DiskModel()
    var done = 0
    var checker = try DiskChecker()
    defer { (disks, checks) = (checker.disks, checker.checks) }
    for point in points {
      while done < point {
        model.apply(log[done])
        done += 1
      }
      let view = ledger.view(at: point)
      for loss in Self.losses(at: point) {
        let problems = try await checker.problems(on: model.image(loss), promised: view)
        guard !problems.isEmpty else { continue }
        broken.append(
          Broken(point: point, loss: loss, last: point > 0 ? "\(log[point - 1])" : "none", problems: problems))
        if broken.count >= most { return }
      }
    }
  }
}

extension TemporaryFolder {
  /// Makes a folder in memory where the system has such a file system: these tests write much that nobody keeps.
  static func inMemory(_ name: String) throws -> TemporaryFolder { try TemporaryFolder(name, beneath: "/dev/shm") }
}
