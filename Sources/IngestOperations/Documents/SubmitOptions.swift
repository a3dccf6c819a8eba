package import IngestCore
import IngestIntake

/// The options of a submit, the same for all of its documents.
package struct SubmitOptions: Sendable {
  package var index: String
  package var source: String
  /// The workflow that the jobs run.
  package var workflow = "ingest"
  package var meta: [String: String] = [:]
  /// −100…100; higher starts earlier.
  package var priority = 0
  /// When the jobs start; a time in the past means now.
  package var start: Timestamp?
  package var debounce: Duration?
  /// The longest delay, counted from the first submit; ten times ``debounce`` if nil.
  package var debounceLongest: Duration?
  /// The idempotency key of the one document.
  package var key: String?
  package var keyLife: Duration?
  /// A file on the worker's machine with the password of encrypted documents.
  package var passwordFile: String?
  package var isDryRun = false

  package init(index: String, source: String) {
    self.index = index
    self.source = source
  }

  /// A start or a debounce further from now than this counts as a mistake: ten years.
  private static let farthest: Duration = .seconds(3653 * 86_400)

  /// Checks what can be checked without a data folder.
  /// - Parameter paths: the number of submitted paths.
  /// - Throws: `NAME_INVALID`, `KEY_FOR_MANY`, `KEY_MISSING`, `DEBOUNCE_MISSING`, `DEBOUNCE_INVALID`, `START_TOO_FAR`.
  package func check(paths: Int, now: Timestamp) throws {
    try NameRule.checkSource(source)
    try NameRule.checkIndex(index)
    if key != nil, paths != 1 {
      throw invalid(
        "KEY_FOR_MANY", "An idempotency key names one document, but several were given.",
        "Submit them one at a time.")
    }
    if key == nil, keyLife != nil { throw Failure.keyMissing }
    _ = try debouncing()
    if let start, start > now + Self.farthest {
      throw invalid(
        "START_TOO_FAR", "The jobs would start more than ten years from now.",
        "Check \(option: "at") or \(option: "delay").")
    }
  }

  /// Returns a request to the store without uri and content.
  func template(_ workflow: PinnedWorkflow, keyLife configured: Duration, actor: Actor) throws -> SubmitRequest {
    SubmitRequest(
      index: index, source: source, uri: "", change: .delete, meta: meta, workflow: workflow,
      passwordFile: try passwordFile.map(Self.absolute), priority: priority, notBefore: start,
      idempotencyKey: key, keyLife: keyLife ?? configured, debounce: try debouncing(), actor: actor.description)
  }

  private func debouncing() throws(Failure) -> Debounce? {
    guard let period = debounce else {
      guard debounceLongest == nil else {
        throw invalid(
          "DEBOUNCE_MISSING", "A longest debounce was given without a debounce.",
          "Give \(option: "debounce") as well.")
      }
      return nil
    }
    let longest = debounceLongest ?? min(period * 10, Self.farthest)
    guard period > .zero, period <= longest, longest <= Self.farthest else {
      throw invalid(
        "DEBOUNCE_INVALID", "A debounce of \(period.compact), \(longest.compact) at the longest, is not possible.",
        "\(option: "debounce") must be above 0s and at most \(option: "debounce-longest"), which is at most ten years.")
    }
    return Debounce(period: period, longest: longest)
  }

  private static func absolute(_ path: String) throws(SelectionError) -> String {
    guard let resolved = FilePath(path).resolved() else { throw .missing(path: FilePath(path)) }
    return String(decoding: resolved.bytes, as: UTF8.self)
  }

  private func invalid(_ code: String, _ message: String, _ hint: Hint) -> Failure {
    Failure(.permanent, code: code, message, hint: hint, category: .invalid)
  }
}
