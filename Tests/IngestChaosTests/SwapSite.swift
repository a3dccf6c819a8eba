import FoundationEssentials
import Glibc
import IngestCore
import IngestIndex
import IngestTestKit

/// An index with two generations that cut its documents differently, so that an answer shows its generation.
struct SwapSite: Sendable {
  let site: ChaosSite
  let shapes = Shapes()
  /// The marks of all documents. The last documents are changed again and again.
  let marks: [String]
  let changing: Range<Int>

  private static let fine = ["--chunk-tokens", "32", "--chunk-max", "48", "--chunk-overlap", "4"]
  private static let coarse = ["--chunk-tokens", "220", "--chunk-max", "256", "--chunk-overlap", "24"]

  init(documents: Int = 40, changing: Int = 8) async throws {
    site = try await ChaosSite("retention: {interval: 2s}")
    marks = (0..<documents).map { "zm\(100 + $0)x" }
    self.changing = documents - changing..<documents
    try await submit(Array(marks.indices), version: 0)
    let drained = try await site.drain()
    guard drained.status == 0 else { throw ChaosSite.Unexpected(description: drained.error) }
    try await build(coarse: false)
    let filled = try await site.drain()
    guard filled.status == 0 else { throw ChaosSite.Unexpected(description: filled.error) }
    for generation in 1...2 { try await learn(generation) }
  }

  /// Submits documents. All have the same length in every version.
  func submit(_ numbers: [Int], version: Int) async throws {
    var paths: [String] = []
    for number in numbers {
      let path = "\(site.inbox)/paper-\(number).md"
      let text = (10..<40).map { "Line \($0) of \(marks[number]) in version \(10000 + version) says little." }
      try (text.joined(separator: " ") + "\n").write(toFile: path, atomically: true, encoding: .utf8)
      paths.append(path)
    }
    let run = try await site.run(["submit"] + paths + ["--root", site.inbox, "--json"])
    guard run.status == 0 else { throw ChaosSite.Unexpected(description: "submit: \(run.output) \(run.error)") }
  }

  func build(coarse: Bool) async throws {
    let run = try await site.run(["index", "build", "docs", "--force"] + (coarse ? Self.coarse : Self.fine))
    guard run.status == 0 else { throw ChaosSite.Unexpected(description: "build: \(run.output) \(run.error)") }
  }

  /// Records into how many chunks a filled generation cuts a document.
  func learn(_ generation: Int) async throws {
    let count = try await SearchProbe.with(site) { try await $0.search(marks[0], generation: generation).hits.count }
    guard count > 0 else { throw ChaosSite.Unexpected(description: "generation \(generation) has nothing") }
    shapes[generation] = count
  }

  /// Swaps once to the generation that is not live.
  /// - Returns: the finished program.
  func swap(order: FireOrder? = nil, bug: InjectedBug? = nil, patience: String = "10s") async throws -> ProgramRun {
    let other = try await SearchProbe.with(site) { probe in
      try await probe.generations().last { $0.state == .retired || $0.state == .ready }?.number
    }
    guard let other else { throw ChaosSite.Unexpected(description: "there is nothing to swap to") }
    return try await site.run(
      ["index", "swap", "docs", "--to", "\(other)", "--wait", patience], order: order, bug: bug)
  }
}
