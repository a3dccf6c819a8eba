import Foundation
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

  @Test("mutations of these inputs keep their promises, and none takes a second", arguments: FuzzTarget.all.map(\.name))
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
      let begun = clock.now
      Self.run(target, bytes, name)
      let took = clock.now - begun
      // Measures again, since this machine may have been busy.
      if took > .seconds(1) {
        let time = clock.measure { Self.run(target, bytes, name) }
        #expect(time < .seconds(1), "\(name) took \(time) on \(Data(bytes).base64EncodedString())")
      }
    }
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
