import Foundation
import Glibc
import IngestFuzz
import Testing

/// The fuzzer's harnesses without the fuzzer: seeds, inputs that once broke something, and seeded mutations of both.
@Suite struct CorpusTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fuzz")

  @Test(
    "every seed and every input that once broke something keeps its promises", arguments: FuzzTarget.all.map(\.name))
  func replay(_ name: String) throws {
    let target = try #require(FuzzTarget.named(name))
    let inputs = try Self.inputs(of: name)
    #expect(!inputs.isEmpty, "\(name) has no seeds")
    for (file, bytes) in inputs { Self.run(target, bytes, "\(name)/\(file)") }
  }

  @Test(
    "mutations of these inputs keep their promises, and none takes a second of processor time",
    arguments: FuzzTarget.all.map(\.name))
  func mutate(_ name: String) throws {
    let target = try #require(FuzzTarget.named(name))
    let inputs = try Self.inputs(of: name).map(\.bytes)
    let environment = ProcessInfo.processInfo.environment
    let count = environment["FUZZ_RUNS"].flatMap { Int($0) } ?? 3000
    let seed = environment["FUZZ_SEED"].flatMap { UInt64($0) } ?? 1
    var mutator = Mutator(seed: seed, words: target.words, longest: target.longest)
    let clock = ContinuousClock()
    let end = clock.now + .seconds(20)
    for _ in 0..<count where clock.now < end {
      let first = inputs[mutator.below(inputs.count)]
      let bytes = mutator.mutate(first, with: inputs[mutator.below(inputs.count)])
      let begun = Self.threadTime
      Self.run(target, bytes, name)
      let took = Self.threadTime - begun
      #expect(took < .seconds(1), "\(name) took \(took) on \(Data(bytes).base64EncodedString())")
    }
  }

  /// The processor time of this thread, which does not depend on how busy the machine is.
  private static var threadTime: Duration {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }

  private static func run(_ target: FuzzTarget, _ bytes: [UInt8], _ what: String) {
    do {
      try target.run(bytes)
    } catch {
      Issue.record("\(what): \(error)\n\(Data(bytes).base64EncodedString())")
    }
  }

  private static func inputs(of name: String) throws -> [(file: String, bytes: [UInt8])] {
    try ["corpus", "regressions"].flatMap { kind in
      let place = folder.appending(path: "\(kind)/\(name)")
      let files = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
      return try files.filter { !$0.hasPrefix(".") }.sorted().map {
        ("\(kind)/\($0)", [UInt8](try Data(contentsOf: place.appending(path: $0))))
      }
    }
  }
}
