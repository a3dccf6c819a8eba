package import IngestCore

/// The reason why a value does not match its type.
package struct SettingMismatch: Error, Hashable {
  package var message: String
  package var hint: String

  package init(message: String, hint: String) {
    self.message = message
    self.hint = hint
  }
}

extension SettingType {
  /// Reads a value from a file.
  package func read(_ node: YAMLNode) throws(SettingMismatch) -> SettingValue {
    switch (self, node.content) {
    case (.list(let element, let range), .sequence(let nodes)):
      guard range.contains(nodes.count) else { throw mismatch("found \(nodes.count)") }
      var values: [SettingValue] = []
      for (position, node) in nodes.enumerated() { values.append(try element.read(node, as: "entry \(position + 1)")) }
      return .list(values)
    case (.map(let keys, let value), .mapping(let entries)):
      guard entries.count <= Self.mapLimit else {
        throw mismatch("found \(entries.count), at most \(Self.mapLimit) are allowed")
      }
      var values: [String: SettingValue] = [:]
      for entry in entries {
        guard keys.allows(entry.key) else { throw mismatch("found the key \"\(entry.key.prefix(40))\"") }
        values[entry.key] = try value.read(entry.value, as: entry.key)
      }
      return .map(values)
    case (.list, _), (.map, _): throw mismatch("found \(node.kind)")
    case (_, .scalar(let scalar)): return try read(scalar)
    default: throw mismatch("found \(node.kind)")
    }
  }

  /// The most entries of a map.
  private static let mapLimit = 100

  /// Reads one entry of a list or map. Its mistakes name the entry.
  private func read(_ node: YAMLNode, as name: String) throws(SettingMismatch) -> SettingValue {
    do throws(SettingMismatch) { return try read(node) } catch {
      throw SettingMismatch(message: "\(name): \(error.message)", hint: error.hint)
    }
  }

  /// Reads a value that has no type, from the environment or a flag.
  package func read(untyped text: String) throws(SettingMismatch) -> SettingValue {
    switch self {
    case .bool, .integer, .number: try read(YAMLScalar(text, plain: true))
    case .percentage, .text, .choice, .duration, .retention, .size, .name, .label, .rate, .limitKey, .path, .address,
      .variable, .absolutePath,
      .time, .valuePath, .share:
      try read(YAMLScalar(text, plain: false))
    case .list, .map: throw mismatch("found text")
    }
  }

  private func read(_ scalar: YAMLScalar) throws(SettingMismatch) -> SettingValue {
    switch self {
    case .bool:
      guard case .bool(let value) = scalar.value else {
        throw mismatch("found \(scalar.kind)", hint: Self.booleanHint(scalar.text))
      }
      return .bool(value)
    case .integer(let range):
      guard case .integer(let value) = scalar.value, range.contains(value) else {
        throw mismatch("found \(scalar.kind)")
      }
      return .integer(value)
    case .number(let range):
      switch scalar.value {
      case .integer(let value) where range.contains(Double(value)): return .number(Double(value))
      case .number(let value) where range.contains(value): return .number(value)
      case .null, .bool, .integer, .number, .text: throw mismatch("found \(scalar.kind)")
      }
    case .percentage:
      let digits = scalar.text.hasSuffix("%") ? scalar.text.dropLast() : "-"
      guard let percent = Double(digits), (0...100).contains(percent) else { throw mismatch("found \(scalar.kind)") }
      return .number(percent / 100)
    case .retention where scalar.text == "forever": return .text("forever")
    case .duration(let range), .retention(let range):
      guard let value = Duration(compact: scalar.text) else {
        throw mismatch("found \(scalar.kind)", hint: unitHint(scalar))
      }
      guard range.contains(value) else { throw mismatch("found \(scalar.text)") }
      return .duration(value)
    case .size(let range):
      guard let value = ByteSize(scalar.text), range.contains(value) else { throw mismatch("found \(scalar.kind)") }
      return .size(value)
    case .choice(let names):
      // Uses the text, because YAML may read a choice as a boolean or a number.
      guard names.contains(scalar.text) else {
        let near = nearestName(to: scalar.text, among: names)
        throw mismatch("found \(scalar.kind)", hint: near.map { "did you mean \($0)?" })
      }
      return .text(scalar.text)
    case .rate:
      guard scalar.value == .text else {
        throw mismatch("found \(scalar.kind)", hint: Self.rateHint(scalar))
      }
      return .rate(try Self.policy(expected) { () throws(PolicyError) in try RateSpec(scalar.text) })
    case .limitKey:
      guard scalar.value == .text else { throw mismatch("found \(scalar.kind)") }
      let key = try Self.policy(expected) { () throws(PolicyError) in try LimitKey(scalar.text) }
      return .text(key.description)
    case .label:
      // YAML reads `2024` as a number; here it is a name.
      return .text(try text(scalar.value == .null ? "" : scalar.text))
    case .share: return .text(try share(scalar))
    case .time: return .text(try self.text(scalar.text))
    case .list, .map: throw mismatch("found \(scalar.kind)")
    case .text, .name, .path, .address, .variable, .absolutePath, .valuePath:
      guard scalar.value == .text else {
        let quoted = scalar.value == .null ? nil : "put it in quotes: \"\(scalar.text)\""
        throw mismatch("found \(scalar.kind)", hint: quoted)
      }
      return .text(try text(scalar.text))
    }
  }

  private func text(_ text: String) throws(SettingMismatch) -> String {
    let printable = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    switch self {
    case .text(let maximum):
      let allowed = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F || $0 == "\n" || $0 == "\t" }
      guard allowed else { throw mismatch("found a control character") }
      guard text.unicodeScalars.count <= maximum else {
        throw mismatch("found \(text.unicodeScalars.count) characters")
      }
    case .name:
      guard Self.isName(text) else { throw mismatch("found \(YAMLScalar(text, plain: false).kind)") }
    case .label(let maximum):
      guard NameRule.isSound(text, longest: maximum) else {
        throw mismatch("found \(YAMLScalar(text, plain: text.isEmpty).kind)")
      }
    case .path:
      guard !text.isEmpty, text.utf8.count <= 4096, printable else {
        throw mismatch(text.isEmpty ? "found nothing" : "found \(YAMLScalar(text, plain: false).kind)")
      }
    case .address:
      guard printable, !text.contains(" "), let rest = Self.afterScheme(text), !rest.isEmpty, !rest.hasPrefix("/")
      else {
        throw mismatch("found \(YAMLScalar(text, plain: false).kind)")
      }
      // The message does not repeat the text, because it contains a secret.
      guard !rest.prefix(while: { $0 != "/" }).contains("@") else {
        throw mismatch("found a user or password in it", hint: "remove it; a key goes into api-key-env or api-key-file")
      }
    case .variable:
      guard Self.isVariable(text) else {
        // The message does not repeat the text either, because it may be the secret itself.
        throw mismatch("found something else", hint: "name the variable that holds the key, not the key itself")
      }
    case .absolutePath:
      guard text.hasPrefix("/"), text.utf8.count <= 4096, printable else {
        throw mismatch("found \(YAMLScalar(text, plain: false).kind)")
      }
    case .time:
      guard let time = Timestamp(text) else { throw mismatch("found \(YAMLScalar(text, plain: false).kind)") }
      return time.description
    case .valuePath:
      do throws(ConditionError) { _ = try ValuePath(text) } catch {
        throw SettingMismatch(message: error.problem, hint: error.failure.hint.description)
      }
    case .bool, .integer, .number, .percentage, .choice, .duration, .retention, .size, .share, .rate, .limitKey, .list,
      .map:
      break
    }
    return text
  }

  /// Reads a count or a share. A count is at most the highest limit of a `foreach`.
  private func share(_ scalar: YAMLScalar) throws(SettingMismatch) -> String {
    let text = scalar.text
    let number = text.hasSuffix("%") ? text.dropLast() : text[...]
    let limit = text.hasSuffix("%") ? 100 : 100_000
    guard let value = Int(number), (0...limit).contains(value), number.allSatisfy(\.isNumber) else {
      throw mismatch("found \(scalar.kind)", hint: "from 0 to 100000, or from 0% to 100%")
    }
    return text
  }

  static func isVariable(_ text: String) -> Bool {
    !text.isEmpty && text.first?.isNumber == false && text.utf8.allSatisfy(isVariableByte)
  }

  private static func afterScheme(_ text: String) -> Substring? {
    for scheme in ["http://", "https://"] where text.lowercased().hasPrefix(scheme) {
      return text.dropFirst(scheme.count)
    }
    return nil
  }

  private static func isVariableByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  /// Runs `read` and converts the error of a policy to a mismatch.
  private static func policy<Value>(
    _ expected: String, _ read: () throws(PolicyError) -> Value
  ) throws(SettingMismatch) -> Value {
    do { return try read() } catch {
      guard case .correctLimit(let text, let problem) = error else {
        throw SettingMismatch(message: error.failure.message, hint: error.failure.hint.description)
      }
      throw SettingMismatch(message: "\"\(text)\": \(problem)", hint: "expected \(expected)")
    }
  }

  private static func rateHint(_ scalar: YAMLScalar) -> String? {
    switch scalar.value {
    case .integer(let number) where number > 0: "add a period: \(number)/m for a minute"
    case .null, .bool, .integer, .number, .text: nil
    }
  }

  private static func booleanHint(_ text: String) -> String? {
    switch text.lowercased() {
    case "yes", "on", "y", "1": "write true"
    case "no", "off", "n", "0": "write false"
    default: nil
    }
  }

  private func unitHint(_ scalar: YAMLScalar) -> String? {
    switch scalar.value {
    case .integer(let number) where number >= 0: "a unit is missing: write \(number)s for seconds"
    case .null, .bool, .integer, .number, .text: nil
    }
  }

  private func mismatch(_ found: String, hint: String? = nil) -> SettingMismatch {
    .init(message: "expected \(expected), \(found)", hint: hint ?? "")
  }
}
