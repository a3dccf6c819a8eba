import IngestCore
import IngestOperations

extension ValueType where Value == LiveSetting<RateSpec> {
  /// A rate such as `60/m` or `1/4h burst 5`, or `none`, or `reset`.
  static func rate(_ placeholder: String) -> Self {
    Self(placeholder, completion: .choices(["none", "reset"])) { text throws(ValueMistake) in
      if let word = LiveSetting<RateSpec>(word: text) { return word }
      do throws(PolicyError) {
        return .set(try RateSpec(text))
      } catch {
        guard case .correctLimit(_, let problem) = error else { throw ValueMistake("a limit such as 60/m") }
        throw ValueMistake("a limit such as 60/m, 1/4h or '10 per 30s', or none, or reset; \(problem)")
      }
    }
  }
}

extension ValueType where Value == LiveSetting<ConcurrencyLimit> {
  /// A number of jobs at once, or `none`, or `reset`.
  static func slots(_ placeholder: String) -> Self {
    Self(placeholder, completion: .choices(["none", "reset"])) { text throws(ValueMistake) in
      if let word = LiveSetting<ConcurrencyLimit>(word: text) { return word }
      guard let most = Int(text).flatMap({ try? ConcurrencyLimit($0) }) else {
        throw ValueMistake("a whole number from 1 to 1000000, or none, or reset; to stop a source, pause it")
      }
      return .set(most)
    }
  }
}

extension ValueType where Value == LiveSetting<Double> {
  static func weight(_ placeholder: String, _ range: ClosedRange<Double>) -> Self {
    Self(placeholder, completion: .choices(["reset"])) { text throws(ValueMistake) in
      if text == "reset" { return .reset }
      guard let number = Double(text), range.contains(number) else {
        throw ValueMistake("a number from \(range.lowerBound) to \(range.upperBound), or reset")
      }
      return .set(number)
    }
  }
}

extension ValueType where Value == LimitKey {
  static func limitKey(_ placeholder: String) -> Self {
    Self(placeholder, completion: .choices(["source", "index", "workflow", "provider", "tenant", "document"])) {
      text throws(ValueMistake) in
      do throws(PolicyError) {
        return try LimitKey(text)
      } catch {
        guard case .correctLimit(_, let problem) = error else { throw ValueMistake("a key") }
        throw ValueMistake("another key; \(problem)")
      }
    }
  }
}

extension LiveSetting {
  fileprivate init?(word: String) {
    switch word {
    case "none": self = .lift
    case "reset": self = .reset
    default: return nil
    }
  }
}
