import IngestCore

/// The rule that a request names its targets or chooses them in another way, and does exactly one of the two: nothing is
/// changed for all targets unless the request says so.
struct TargetChoice {
  /// The targets in the plural, such as "jobs".
  let subject: String
  /// The code of the failure if nothing was named or chosen.
  let missing: String
  /// The code of the failure if targets were named and others chosen.
  let twice: String
  /// The hint of the failure if nothing was named or chosen.
  let hint: Hint

  /// - Throws: ``missing``, ``twice``.
  func require(isNamed: Bool, isChosen: Bool) throws(Failure) {
    if isNamed != isChosen { return }
    if isNamed {
      throw Failure(
        .permanent, code: twice, "The request names \(subject) and also chooses \(subject) by options.",
        hint: "Leave one of them out.", category: .invalid)
    }
    throw Failure(
      .permanent, code: missing, "No \(subject) were named or chosen.", hint: hint, category: .invalid)
  }
}

extension TargetChoice {
  static let jobs = filtered(
    "jobs", missing: "JOB_SELECTION_MISSING", twice: "JOB_SELECTION_TWICE")
  static let deadLetters = filtered(
    "dead letters", missing: "DEAD_SELECTION_MISSING", twice: "DEAD_SELECTION_TWICE")
  static let breakers = TargetChoice(
    subject: "breakers", missing: "BREAKER_SELECTION", twice: "BREAKER_SELECTION",
    hint: "Name the breakers, or give \(option: "all") alone.")
  static let sources = TargetChoice(
    subject: "sources", missing: "SOURCE_MISSING", twice: "SOURCE_AND_ALL", hint: "Name one, or give \(option: "all").")

  private static func filtered(_ subject: String, missing: String, twice: String) -> TargetChoice {
    TargetChoice(
      subject: subject, missing: missing, twice: twice,
      hint: "Name \(subject), narrow them down with options such as \(option: "source"), or give \(option: "all").")
  }
}
