import IngestCore

/// The settings of a step in the workflow's definition. A missing setting or one of another type is nil here, because
/// the reader of workflows has already checked both.
extension StepInput {
  func text(_ name: String) -> String? { if case .text(let text)? = with[name] { text } else { nil } }
  func integer(_ name: String) -> Int? { if case .integer(let number)? = with[name] { number } else { nil } }
  func duration(_ name: String) -> Duration? { text(name).flatMap(Duration.init(compact:)) }

  /// Returns the value of a required setting.
  /// - Throws: `STEP_SETTING` if it is nil: a program with other rules stored the definition.
  func required<T>(_ name: String, _ value: T?) throws -> T {
    guard let value else {
      throw Failure(
        .permanent, code: "STEP_SETTING", "The setting '\(name)' of the step is missing or cannot be read.",
        hint: "Check the workflow with \(Action(.workflowValidate)), fix it, then submit again.")
    }
    return value
  }
}

extension SettingType {
  /// The type of a step's wait: at most 366 days.
  static let aYear: SettingType = .duration(.milliseconds(1) ... .seconds(366 * 86_400))
}

/// The end of a step's wait. The step keeps it as its cursor, so that later runs do not extend the wait.
struct WaitCursor: Codable {
  /// Nil means no limit.
  var until: Timestamp?

  /// Reads the stored cursor, or starts a wait of `timeout` now.
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
  /// The time rounded up to a whole millisecond, which text can express exactly.
  fileprivate var wholeMilliseconds: Timestamp {
    let (sum, overflow) = rawValue.addingReportingOverflow(999)
    return overflow ? self : Timestamp(rawValue: sum - (sum % 1000 + 1000) % 1000)
  }
}
