/// The arguments of a command, every value parsed and checked.
package struct ParsedArguments: Sendable {
  private var values: [String: any Sendable] = [:]
  private var given: Set<String> = []

  /// The value of a declared parameter, or its default.
  /// - Precondition: the command's spec declares it.
  package subscript<Value>(_ parameter: Parameter<Value>) -> Value {
    guard let decoded = values[parameter.spec.key] as? Decoded<Value> else {
      preconditionFailure("\(parameter.spec.key) is read, but the command's spec does not declare it")
    }
    return decoded.value
  }

  /// Returns whether the parameter was given, rather than left to its default.
  package func has<Value>(_ parameter: Parameter<Value>) -> Bool { given.contains(parameter.spec.key) }

  mutating func set(_ spec: ParameterSpec, _ value: any Sendable, given isGiven: Bool) {
    values[spec.key] = value
    if isGiven { given.insert(spec.key) }
  }
}
