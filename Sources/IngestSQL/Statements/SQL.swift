/// A statement with its values. `"SELECT x FROM t WHERE id = \(id)"` binds `id`, which never becomes part of the text.
///
/// Statements are built on the hot path, so nothing is concatenated: the parts keep their literals by address, and the
/// addresses find the prepared statement again. The text is put together once, when a connection first prepares it.
package struct SQL: Sendable {
  enum Part: Sendable {
    case literal(StaticString)
    case value(SQLValue)
  }

  var parts: [Part]
  /// A hash of the parts. It is equal for statements of equal text from the same place in the source; different
  /// statements may share a key.
  var key: UInt
  /// The name by which tests change or watch the statement (``DatabaseFaults/statement``), regardless of its text; nil
  /// if no test does.
  package private(set) var name: StaticString?

  /// Creates a statement with a name that stays when its text changes: `SQL(named: "lease.check", "SELECT …")`. Two
  /// statements of the program share a name only if they do the same.
  package init(named name: StaticString, _ statement: SQL) {
    self = statement
    self.name = name
  }

  /// Returns the statement's text with the placeholders of `dialect`.
  package func text(_ dialect: Dialect = .sqlite) -> String {
    var text = ""
    var position = 0
    for part in parts {
      switch part {
      case .literal(let literal): text += literal.description
      case .value:
        position += 1
        text += dialect.placeholder(position)
      }
    }
    return text
  }

  /// The values in the order of their placeholders.
  package var values: [SQLValue] {
    parts.compactMap { if case .value(let value) = $0 { value } else { nil } }
  }
}

extension SQL: ExpressibleByStringInterpolation {
  package init(stringLiteral value: StaticString) {
    parts = [.literal(value)]
    key = value.address
  }

  package init(stringInterpolation: Interpolation) {
    parts = stringInterpolation.parts
    key = stringInterpolation.key
  }

  package struct Interpolation: StringInterpolationProtocol {
    var parts: [Part] = []
    var key: UInt = 0

    package init(literalCapacity: Int, interpolationCount: Int) {
      parts.reserveCapacity(2 * interpolationCount + 1)
    }

    package mutating func appendLiteral(_ literal: StaticString) {
      guard !literal.isEmpty else { return }
      parts.append(.literal(literal))
      key = (key &* 0x9E37_79B9_7F4A_7C15) ^ literal.address
    }

    package mutating func appendInterpolation(_ value: some SQLBindable) {
      append(value.sqlValue)
    }

    /// Binds a value; nil binds NULL.
    package mutating func appendInterpolation(_ value: (some SQLBindable)?) {
      append(value?.sqlValue ?? .null)
    }

    /// Inserts a fragment that is known when the program is built, such as a column list.
    package mutating func appendInterpolation(raw literal: StaticString) {
      appendLiteral(literal)
    }

    /// Inserts another statement, or a part of one, with its values.
    package mutating func appendInterpolation(sql: SQL) {
      for part in sql.parts {
        switch part {
        case .literal(let literal): appendLiteral(literal)
        case .value(let value): append(value)
        }
      }
    }

    /// Binds the values with commas between them, for `IN (\(list: ids))`. Each length is a statement of its own: pass
    /// a long list, or one whose length varies, as one JSON text to `json_each` instead.
    package mutating func appendInterpolation(list values: [some SQLBindable]) {
      for (position, value) in values.enumerated() {
        if position > 0 { appendLiteral(", ") }
        append(value.sqlValue)
      }
    }

    private mutating func append(_ value: SQLValue) {
      parts.append(.value(value))
      key = key &* 0x9E37_79B9_7F4A_7C15 &+ 1
    }
  }
}

extension StaticString {
  var isEmpty: Bool { hasPointerRepresentation && utf8CodeUnitCount == 0 }

  /// The address of the text, combined with its length. It identifies the text: literals never move and are never
  /// freed. A literal of one scalar may have no address; its scalar is used instead, which equals no address.
  var address: UInt {
    hasPointerRepresentation
      ? UInt(bitPattern: utf8Start) &+ UInt(utf8CodeUnitCount) << 48 : UInt(unicodeScalar.value)
  }
}
