/// The typed key of an option, flag or positional argument. A command declares it once, and `context[key]` has its type.
package struct Parameter<Value: Sendable>: Sendable {
  package private(set) var spec: ParameterSpec

  /// Returns the parameter with a second name, which belongs to an option of every command.
  /// - Parameter claims: whether a value of that name is meant for this parameter.
  package func borrowing(_ name: String, where claims: @escaping @Sendable (String) -> Bool) -> Self {
    var copy = self
    copy.spec.borrowed = ParameterSpec.Borrowed(name: name, claims: claims)
    return copy
  }
}

extension Parameter where Value == Bool {
  /// A flag: true if it is given.
  package init(flag names: String..., summary: String) {
    spec = ParameterSpec(
      form: .flag, names: names, placeholder: "", summary: summary, repeats: true, required: false, defaultText: nil,
      environment: nil, allowed: "", completion: .nothing, decode: { texts in Decoded(value: !texts.isEmpty) })
  }
}

extension Parameter {
  /// An option that has a value even when it is not given.
  package init(option names: String..., type: ValueType<Value>, default fallback: Value, summary: String) {
    self.init(
      .option, names, type, summary: summary, repeats: false, required: false, default: type.show(fallback)
    ) { values in values.last ?? fallback }
  }

  /// An option without a default value. `defaultText` describes in the help what happens without it.
  package init<T>(
    option names: String..., type: ValueType<T>, environment: String? = nil, defaultText: String? = nil,
    summary: String
  ) where Value == T? {
    self.init(
      .option, names, type, summary: summary, repeats: false, required: false, default: defaultText,
      environment: environment
    ) { values in values.last }
  }

  /// An option that may be given several times.
  package init<T>(repeated names: String..., type: ValueType<T>, summary: String) where Value == [T] {
    self.init(.option, names, type, summary: summary, repeats: true, required: false) { values in values }
  }

  /// A required positional argument.
  package init(argument type: ValueType<Value>, summary: String) {
    spec = ParameterSpec(
      form: .argument, names: [type.placeholder], placeholder: type.placeholder, summary: summary, repeats: false,
      required: true, defaultText: nil, environment: nil, allowed: type.allowed, completion: type.completion,
      decode: { texts throws(ValueMistakeAt) in
        guard let text = texts.first else { throw ValueMistakeAt(text: "", mistake: ValueMistake(type.placeholder)) }
        return Decoded(value: try Self.value(text, type))
      })
  }

  /// An optional positional argument.
  package init<T>(optionalArgument type: ValueType<T>, summary: String) where Value == T? {
    self.init(.argument, [type.placeholder], type, summary: summary, repeats: false, required: false) { values in
      values.last
    }
  }

  /// All remaining positional arguments; at least one if `required`.
  package init<T>(arguments type: ValueType<T>, required: Bool = true, summary: String) where Value == [T] {
    self.init(.argument, [type.placeholder], type, summary: summary, repeats: true, required: required) { values in
      values
    }
  }

  private init<T>(
    _ form: ParameterSpec.Form, _ names: [String], _ type: ValueType<T>, summary: String, repeats: Bool,
    required: Bool, default fallback: String? = nil, environment: String? = nil,
    combine: @escaping @Sendable ([T]) -> Value
  ) {
    spec = ParameterSpec(
      form: form, names: names, placeholder: type.placeholder, summary: summary, repeats: repeats, required: required,
      defaultText: fallback, environment: environment, allowed: type.allowed, completion: type.completion,
      decode: { texts throws(ValueMistakeAt) in
        var values: [T] = []
        for text in texts { values.append(try Self.value(text, type)) }
        return Decoded(value: combine(values))
      })
  }

  private static func value<T>(_ text: String, _ type: ValueType<T>) throws(ValueMistakeAt) -> T {
    do { return try type.parse(text) } catch { throw ValueMistakeAt(text: text, mistake: error) }
  }
}
