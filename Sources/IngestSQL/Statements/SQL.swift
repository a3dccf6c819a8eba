/// One statement with its values: `"SELECT x FROM t WHERE id = \(id)"` binds `id`, it never becomes part of the text.
///
/// Built on the hot path, so nothing is concatenated: the literals are kept by address, and the address alone finds the
/// prepared statement again. The text is put together once, when a connection first prepares it.
package struct SQL: Sendable {
  enum Part: Sendable {
    case literal(StaticString)
    case value(SQLValue)
  }

  var parts: [Part]
  /// Equal for statements of equal text from the same place in the source; different statements may share one.
  var key: UInt
  /// Names the statement for those who change or watch it (``DatabaseFaults/statement``), regardless of its text; nil for
  /// one that nobody does.
  package private(set) var name: StaticString?

  /// A statement with a name that stays when its text changes: `SQL(named: "lease.check", "SELECT …")`. The name is unique
  /// among all statements of the program that do not do the same.
  package init(named name: StaticString, _ statement: SQL) {
    self = statement
    self.name = name
  }

  /// The statement's text as `dialect` wants its placeholders.
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

    /// Nil binds NULL.
    package mutating func appendInterpolation(_ value: (some SQLBindable)?) {
      append(value?.sqlValue ?? .null)
    }

    /// A fragment that is known when the program is built, such as a column list.
    package mutating func appendInterpolation(raw literal: StaticString) {
      appendLiteral(literal)
    }

    /// Another statement or a part of one, with its values.
    package mutating func appendInterpolation(sql: SQL) {
      for part in sql.parts {
        switch part {
        case .literal(let literal): appendLiteral(literal)
        case .value(let value): append(value)
        }
      }
    }

    /// The values with commas between them, for `IN (\(list: ids))`. Every length is a statement of its own: pass long or
    /// ever-changing lists as one JSON text to `json_each` instead.
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

  /// Where the text lies, and with it which text it is: literals never move and are never freed. A one-scalar literal may
  /// have no address; its scalar stands for it, which no address equals.
  var address: UInt {
    hasPointerRepresentation
      ? UInt(bitPattern: utf8Start) &+ UInt(utf8CodeUnitCount) << 48 : UInt(unicodeScalar.value)
  }
}
