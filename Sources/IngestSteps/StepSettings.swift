import IngestCore

/// The settings of a step, as a workflow's definition keeps them. What is missing or of another type reads as nil: the
/// workflow's reader has seen to both.
extension StepInput {
  func text(_ name: String) -> String? { if case .text(let text)? = with[name] { text } else { nil } }
  func integer(_ name: String) -> Int? { if case .integer(let number)? = with[name] { number } else { nil } }
  func duration(_ name: String) -> Duration? { text(name).flatMap(Duration.init(compact:)) }

  /// What no step can do without.
  /// - Throws: `STEP_SETTING`, of a definition that was stored by a program with other rules.
  func required<T>(_ name: String, _ value: T?) throws -> T {
    guard let value else {
      throw Failure(
        .permanent, code: "STEP_SETTING", "The setting '\(name)' of the step is missing or cannot be read.",
        hint: "See \(Action(.workflowValidate)); submit again once the workflow is mended.")
    }
    return value
  }
}

extension SettingType {
  /// How long a step may wait.
  static let aYear: SettingType = .duration(.milliseconds(1) ... .seconds(366 * 86_400))
}

/// When a wait of a step began to be limited: kept as its cursor, so that it is limited once however often it is looked at.
struct WaitCursor: Codable {
  /// Nil waits for ever.
  var until: Timestamp?

  /// The stored one, or one that begins now.
  init(_ input: StepInput, timeout: Duration?, now: Timestamp) throws {
    if let cursor = input.cursor {
      self = try StepJSON.decode(Self.self, cursor, what: "cursor")
    } else {
      until = timeout.map { (now + $0).wholeMilliseconds }
    }
  }

  init(until: Timestamp) { self.until = until.wholeMilliseconds }
}

extension Timestamp {
  /// The next whole millisecond: as text says it exactly.
  fileprivate var wholeMilliseconds: Timestamp {
    let (sum, overflow) = rawValue.addingReportingOverflow(999)
    return overflow ? self : Timestamp(rawValue: sum - (sum % 1000 + 1000) % 1000)
  }
}
