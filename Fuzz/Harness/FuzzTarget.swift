/// A reader of untrusted bytes, together with the promises that it must keep for any input.
///
/// `run` returns in finite time, never traps, and throws ``Broken`` if a promise does not hold. The fuzzer and the
/// tests call the same functions.
package struct FuzzTarget: Sendable {
  /// The name of the target's folders under `Fuzz/corpus` and `Fuzz/regressions`.
  package let name: String
  /// Maximum number of bytes in an input that the fuzzer makes.
  package let longest: Int
  /// Words that occur in inputs of this kind.
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
