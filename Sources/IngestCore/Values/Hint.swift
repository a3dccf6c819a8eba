/// Advice on what to do next: text, and the actions and options that it names.
///
/// A front door chooses how an action or an option is written, so no text below it says `ingestd …` or `--force`:
///
///     hint: "Build one with \(Action(.indexBuild, index))."
///     hint: "Let the workers drain, or roll back with \(option: "force")."
package struct Hint: Hashable, Sendable {
  package enum Part: Hashable, Sendable {
    case text(String)
    case action(Action)
    /// An option of what the reader has just asked for.
    case option(Action.Option)
  }

  package private(set) var parts: [Part]

  package init(parts: [Part]) {
    self.parts = []
    for part in parts { append(part) }
  }

  /// A hint without actions.
  package init(_ text: String) { self.init(parts: [.text(text)]) }

  package var isEmpty: Bool { parts.isEmpty }

  package var actions: [Action] {
    parts.compactMap { if case .action(let action) = $0 { action } else { nil } }
  }

  /// Returns the hint as one text.
  /// - Parameters:
  ///   - render: returns an action as the reader would type it; the text puts it in backquotes.
  ///   - option: returns an option as the reader would give it; its bare name and value if not given.
  package func text(
    _ render: (Action) -> String, option: (Action.Option) -> String = { $0.description }
  ) -> String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .action(let action): "`\(render(action))`"
      case .option(let value): option(value)
      }
    }.joined()
  }

  /// Returns whether the hint contains a text. Actions count by their bare names.
  package func contains(_ text: String) -> Bool { description.contains(text) }

  package static func + (left: Hint, right: Hint) -> Hint { Hint(parts: left.parts + right.parts) }

  /// Merges adjacent texts and drops empty ones, so that equal hints are equal values.
  private mutating func append(_ part: Part) {
    guard case .text(let text) = part else { return parts.append(part) }
    if text.isEmpty { return }
    if case .text(let before) = parts.last {
      parts[parts.count - 1] = .text(before + text)
    } else {
      parts.append(part)
    }
  }
}

extension Hint: ExpressibleByStringInterpolation {
  package init(stringLiteral value: String) { self.init(value) }

  package init(stringInterpolation: StringInterpolation) { self.init(parts: stringInterpolation.parts) }

  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var parts: [Part] = []

    package init(literalCapacity: Int, interpolationCount: Int) {}

    package mutating func appendLiteral(_ literal: String) { parts.append(.text(literal)) }
    package mutating func appendInterpolation(_ action: Action) { parts.append(.action(action)) }
    package mutating func appendInterpolation(option name: String, _ value: String? = nil) {
      parts.append(.option(Action.Option(name: name, value: value)))
    }
    package mutating func appendInterpolation(_ hint: Hint) { parts += hint.parts }
    package mutating func appendInterpolation(_ value: some CustomStringConvertible) {
      parts.append(.text(value.description))
    }
  }
}

extension Hint: CustomStringConvertible {
  /// The text for readers outside any front door, such as a program that a step runs: actions have their bare names.
  package var description: String { text { ([$0.name.rawValue] + $0.subjects).joined(separator: " ") } }
}

/// A front door's encoder writes one text. Any other encoder, such as the store's, keeps the parts. Decoding reads
/// both.
extension Hint: Codable {
  package init(from decoder: any Decoder) throws {
    if let text = try? decoder.singleValueContainer().decode(String.self) {
      self.init(text)
    } else {
      self.init(parts: try decoder.singleValueContainer().decode([Part].self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let rendering = Action.rendering(of: encoder) {
      try container.encode(text(rendering.action, option: rendering.option))
    } else if parts.allSatisfy(\.isText) {
      try container.encode(description)
    } else {
      try container.encode(parts)
    }
  }
}

extension Hint.Part: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let option = try? container.decode(Action.Option.self) {
      self = .option(option)
    } else {
      self = .action(try container.decode(Action.self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let text): try container.encode(text)
    case .action(let action): try container.encode(action)
    case .option(let option): try container.encode(option)
    }
  }

  fileprivate var isText: Bool { if case .text = self { true } else { false } }
}
