/// A reader of bytes that somebody else wrote, and what must hold of it whatever they are.
///
/// `run` ends by itself, never traps, and throws ``Broken`` where a promise does not hold. The fuzzer and the tests call the
/// same functions.
package struct FuzzTarget: Sendable {
  /// The name of its folders under `Fuzz/corpus` and `Fuzz/regressions`.
  package let name: String
  /// Bytes that the fuzzer makes, at most.
  package let longest: Int
  /// Words that inputs of this kind are made of.
  package let words: [String]
  package let run: @Sendable ([UInt8]) throws -> Void

  init(
    _ name: String, longest: Int = 4096, words: [String] = [], _ run: @escaping @Sendable ([UInt8]) throws -> Void
  ) {
    self.name = name
    self.longest = longest
    self.words = words
    self.run = run
  }

  package static let all: [FuzzTarget] = [
    wireReplies, wireRequests, keptResults, textReading, chunker, workflowFile, configurationFile, condition,
    embeddingAnswer, waitHeaders, stepAnswers, json, schedule, timeZoneFile, limits, commandLine, query,
  ]

  package static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}
