/// A condition under `when:`, which decides whether a step runs.
///
/// Every condition that can be read has an answer. A path that leads nowhere is `null`; values of different types are
/// unequal and have no order; a result that is not a boolean counts as false.
package struct Condition: Hashable, Sendable {
  indirect enum Expression: Hashable, Sendable {
    case literal(JSONValue)
    case path(ValuePath)
    case list([Expression])
    case all([Expression])
    case any([Expression])
    case not(Expression)
    case compare(Expression, Comparison, Expression)
    case member(Expression, of: Expression)
    case exists(ValuePath)
    case contains(Expression, Expression)
    case startsWith(Expression, Expression)
  }

  enum Comparison: String, CaseIterable, Sendable {
    case equal = "=="
    case unequal = "!="
    case atMost = "<="
    case atLeast = ">="
    case less = "<"
    case more = ">"
  }

  /// A path that the condition reads, and its position in the text.
  package struct Reference: Hashable, Sendable {
    package var path: ValuePath
    /// Counted from 1, in Unicode scalars of the condition's text.
    package var column: Int
  }

  /// The largest length of a condition, in Unicode scalars.
  package static let lengthLimit = 2000
  /// The largest depth of nested parentheses and `not`.
  package static let depthLimit = 32

  /// The condition as it was written.
  package let text: String
  /// The paths, in the order of the text.
  package let references: [Reference]
  private let expression: Expression

  /// Parses a condition.
  /// - Throws: ``ConditionError/correct(column:problem:hint:)``.
  package init(_ text: String) throws(ConditionError) {
    var parser = ConditionParser(text)
    expression = try parser.condition()
    references = parser.references
    self.text = text
  }

  package func holds(in scope: ConditionScope) -> Bool { expression.value(in: scope) == .bool(true) }
}

extension Condition.Expression {
  fileprivate func value(in scope: ConditionScope) -> JSONValue {
    switch self {
    case .literal(let value): value
    case .path(let path): scope.value(at: path) ?? .null
    case .list(let elements): .list(elements.map { $0.value(in: scope) })
    case .all(let parts): .bool(parts.allSatisfy { $0.value(in: scope) == .bool(true) })
    case .any(let parts): .bool(parts.contains { $0.value(in: scope) == .bool(true) })
    case .not(let part): .bool(part.value(in: scope) != .bool(true))
    case .compare(let left, let comparison, let right):
      .bool(comparison.holds(left.value(in: scope), right.value(in: scope)))
    case .member(let element, let list):
      .bool(Self.contains(list.value(in: scope), element.value(in: scope), asList: true))
    case .exists(let path): .bool((scope.value(at: path) ?? .null) != .null)
    case .contains(let whole, let part): .bool(Self.contains(whole.value(in: scope), part.value(in: scope)))
    case .startsWith(let whole, let part):
      if case (.text(let whole), .text(let part)) = (whole.value(in: scope), part.value(in: scope)) {
        .bool(whole.unicodeScalars.starts(with: part.unicodeScalars))
      } else {
        .bool(false)
      }
    }
  }

  private static func contains(_ whole: JSONValue, _ part: JSONValue, asList: Bool = false) -> Bool {
    switch (whole, part) {
    case (.list(let elements), _): elements.contains { $0.equals(part) }
    case (.object(let members), .text(let key)): !asList && members[key] != nil
    case (.text(let text), .text(let piece)): !asList && text.utf8.contains(piece.utf8)
    default: false
    }
  }
}

extension Condition.Comparison {
  fileprivate func holds(_ left: JSONValue, _ right: JSONValue) -> Bool {
    switch self {
    case .equal: left.equals(right)
    case .unequal: !left.equals(right)
    case .less: left.precedes(right) ?? false
    case .more: right.precedes(left) ?? false
    case .atMost: right.precedes(left).map { !$0 } ?? false
    case .atLeast: left.precedes(right).map { !$0 } ?? false
    }
  }
}

extension String.UTF8View {
  /// Returns whether the piece occurs in the text.
  fileprivate func contains(_ piece: String.UTF8View) -> Bool {
    let (whole, piece) = (Array(self), Array(piece))
    guard let first = piece.first else { return true }
    guard whole.count >= piece.count else { return false }
    return (0...(whole.count - piece.count)).contains { start in
      whole[start] == first && whole[start...].starts(with: piece)
    }
  }
}
