/// The payload of each case. Nil for another case, which the reader's type rules out.
extension SettingValue {
  package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  package var integer: Int? { if case .integer(let value) = self { value } else { nil } }
  package var number: Double? { if case .number(let value) = self { value } else { nil } }
  package var text: String? { if case .text(let value) = self { value } else { nil } }
  package var duration: Duration? { if case .duration(let value) = self { value } else { nil } }
  package var size: ByteSize? { if case .size(let value) = self { value } else { nil } }
  package var rate: RateSpec? { if case .rate(let value) = self { value } else { nil } }
}
