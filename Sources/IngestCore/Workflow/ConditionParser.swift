/// A recursive-descent parser of conditions, which reports each mistake with its position.
struct ConditionParser {
  typealias Expression = Condition.Expression

  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var depth = 0
  private(set) var references: [Condition.Reference] = []

  private static let functions = ["exists", "contains", "starts-with"]
  private static let words = ["and", "or", "not", "in", "true", "false", "null"]

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  mutating func condition() throws(ConditionError) -> Expression {
    guard scalars.count <= Condition.lengthLimit else {
      throw mistake(
        "it has \(scalars.count) characters; the limit is \(Condition.lengthLimit)", at: Condition.lengthLimit,
        hint: "let an earlier step decide, and test its result")
    }
    let expression = try alternatives()
    skipSpace()
    if position < scalars.count {
      throw mistake("found \(shown()) where the condition should end", hint: "join conditions with `and` or `or`")
    }
    if case .literal(let value) = expression, value != .bool(true), value != .bool(false) {
      throw mistake("\(value) is not a condition", at: 0, hint: "compare something: `meta.team == 'law'`")
    }
    return expression
  }

  mutating func onlyPath() throws(ConditionError) -> ValuePath {
    guard scalars.count <= Condition.lengthLimit else { throw mistake("it is too long", at: 0, hint: "") }
    let path = try path()
    skipSpace()
    if position < scalars.count { throw mistake("found \(shown()) where the path should end", hint: "") }
    return path
  }

  // MARK: - Operators, from the loosest to the tightest

  private mutating func alternatives() throws(ConditionError) -> Expression {
    var parts = [try conjunction()]
    while acceptWord("or") { parts.append(try conjunction()) }
    return parts.count == 1 ? parts[0] : .any(parts)
  }

  private mutating func conjunction() throws(ConditionError) -> Expression {
    var parts = [try negation()]
    while acceptWord("and") { parts.append(try negation()) }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  private mutating func negation() throws(ConditionError) -> Expression {
    guard acceptWord("not") else { return try comparison() }
    return .not(try deeper { parser throws(ConditionError) in try parser.negation() })
  }

  private mutating func comparison() throws(ConditionError) -> Expression {
    let left = try operand()
    skipSpace()
    let at = position
    if let comparison = acceptComparison() {
      let right = try operand()
      try checkTypes(left, right, at: at)
      skipSpace()
      if position < scalars.count, "=!<>".unicodeScalars.contains(scalars[position]) {
        throw mistake("two comparisons follow each other", hint: "join them with `and`")
      }
      return .compare(left, comparison, right)
    }
    if acceptWord("in") { return .member(left, of: try listOrPath()) }
    if acceptWord("not") {
      guard acceptWord("in") else { throw mistake("`not` follows a value", hint: "write `not in`, or `!=`") }
      return .not(.member(left, of: try listOrPath()))
    }
    return left
  }

  private mutating func listOrPath() throws(ConditionError) -> Expression {
    guard accept("[") else {
      let start = position
      let operand = try operand()
      guard case .path = operand else {
        throw mistake("`in` needs a list", at: start, hint: "write `in ['a', 'b']`, or the path of a list")
      }
      return operand
    }
    var elements: [Expression] = []
    if accept("]") { return .list(elements) }
    repeat { elements.append(try operand()) } while accept(",")
    guard accept("]") else { throw mistake("found \(shown()) where the list should end", hint: "end it with `]`") }
    return .list(elements)
  }

  private mutating func operand() throws(ConditionError) -> Expression {
    skipSpace()
    guard position < scalars.count else { throw mistake("a value is missing", hint: "the condition ends too early") }
    switch scalars[position] {
    case "(":
      position += 1
      let inner = try deeper { parser throws(ConditionError) in try parser.alternatives() }
      guard accept(")") else { throw mistake("found \(shown()) where `)` should be", hint: "close every parenthesis") }
      return inner
    case "'", "\"": return .literal(.text(try quoted()))
    case "0"..."9", "-": return .literal(try number())
    case let scalar where Self.isLetter(scalar): return try named()
    default: throw mistake("\(shown()) is not a value", hint: "values are 'text', numbers, true, false, null and paths")
    }
  }

  private mutating func named() throws(ConditionError) -> Expression {
    let start = position
    let name = word()
    switch name {
    case "true": return .literal(.bool(true))
    case "false": return .literal(.bool(false))
    case "null": return .literal(.null)
    case "and", "or", "not", "in":
      throw mistake("a value is missing before `\(name)`", at: start, hint: "put a value on both sides")
    default: break
    }
    guard accept("(") else {
      position = start
      return .path(try path())
    }
    switch name {
    case "exists":
      let path = try path()
      try close(name)
      return .exists(path)
    case "contains":
      let (whole, part) = try pair(name)
      return .contains(whole, part)
    case "starts-with":
      let (whole, part) = try pair(name)
      return .startsWith(whole, part)
    default:
      let near = nearestName(to: name, among: Self.functions).map { "did you mean \($0)?" }
      throw mistake(
        "no function is called \"\(name)\"", at: start,
        hint: near ?? "the functions are \(Self.functions.joined(separator: ", "))")
    }
  }

  private mutating func pair(_ name: String) throws(ConditionError) -> (Expression, Expression) {
    let first = try operand()
    guard accept(",") else {
      throw mistake(
        "\(name) takes two values; found \(shown()) after the first", hint: "put a comma between them")
    }
    let second = try operand()
    try close(name)
    return (first, second)
  }

  private mutating func close(_ name: String) throws(ConditionError) {
    guard accept(")") else {
      throw mistake("found \(shown()) where \(name) should end", hint: "close it with `)`")
    }
  }

  // MARK: - Words

  private mutating func path() throws(ConditionError) -> ValuePath {
    skipSpace()
    let start = position
    let name = word()
    guard let root = ValuePath.Root(rawValue: name) else {
      let known = ValuePath.Root.allCases.map(\.rawValue)
      let near = nearestName(to: name, among: known + Self.words).map { "did you mean \($0)?" }
      let what = name.isEmpty ? "\(shown()) is not a path" : "no value is called \"\(name)\""
      throw mistake(
        what, at: start, hint: near ?? "put text in quotes; paths begin with \(known.joined(separator: ", "))")
    }
    var members: [String] = []
    while position < scalars.count, scalars[position] == "." {
      position += 1
      let member = position < scalars.count && "'\"".unicodeScalars.contains(scalars[position]) ? try quoted() : word()
      guard !member.isEmpty else { throw mistake("a name is missing after the dot", hint: "") }
      members.append(member)
    }
    if root == .steps, members.isEmpty {
      throw mistake("steps needs the id of a step", at: start, hint: "write steps.ID.NAME")
    }
    if root.isText, !members.isEmpty {
      throw mistake("\(root.rawValue) has no members", at: start, hint: "it is a text")
    }
    let path = ValuePath(root, members)
    references.append(.init(path: path, column: start + 1))
    return path
  }

  private mutating func quoted() throws(ConditionError) -> String {
    let start = position
    let mark = scalars[position]
    position += 1
    var text = String.UnicodeScalarView()
    while position < scalars.count {
      let scalar = scalars[position]
      position += 1
      guard scalar == mark else {
        text.append(scalar)
        continue
      }
      guard position < scalars.count, scalars[position] == mark else { return String(text) }
      text.append(mark)
      position += 1
    }
    throw mistake("the text is not closed", at: start, hint: "end it with \(mark); write \(mark)\(mark) for one inside")
  }

  private mutating func number() throws(ConditionError) -> JSONValue {
    let start = position
    while position < scalars.count, Self.isWord(scalars[position]) || ".+".unicodeScalars.contains(scalars[position]) {
      position += 1
    }
    let text = scalars[start..<position].reduce(into: "") { $0.unicodeScalars.append($1) }
    guard let value = JSONValue(parsing: text) else {
      throw mistake("\(text.prefix(40)) is not a number", at: start, hint: "write 12, -3 or 0.5; put text in quotes")
    }
    return value
  }

  private mutating func word() -> String {
    let start = position
    while position < scalars.count, Self.isWord(scalars[position]) { position += 1 }
    return scalars[start..<position].reduce(into: "") { $0.unicodeScalars.append($1) }
  }

  /// Refuses to compare metadata or names, which are text, with a number or a boolean: the two are never equal.
  private func checkTypes(_ left: Expression, _ right: Expression, at position: Int) throws(ConditionError) {
    for (path, literal) in [(left, right), (right, left)] {
      guard case .path(let path) = path, path.root == .meta || path.root.isText, case .literal(let value) = literal
      else { continue }
      switch value {
      case .integer, .number, .bool:
        throw mistake("\(path) is text, and \(value) is not", at: position, hint: "put it in quotes: '\(value)'")
      case .null, .text, .list, .object: continue
      }
    }
  }

  // MARK: - Scanning

  private mutating func deeper(
    _ body: (inout Self) throws(ConditionError) -> Expression
  ) throws(ConditionError) -> Expression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Condition.depthLimit else {
      throw mistake("it is nested deeper than \(Condition.depthLimit) levels", hint: "split it over several steps")
    }
    return try body(&self)
  }

  private mutating func acceptComparison() -> Condition.Comparison? {
    skipSpace()
    for comparison in Condition.Comparison.allCases
    where scalars[position...].starts(with: comparison.rawValue.unicodeScalars) {
      position += comparison.rawValue.unicodeScalars.count
      return comparison
    }
    return nil
  }

  private mutating func acceptWord(_ name: String) -> Bool {
    skipSpace()
    let start = position
    if word() == name { return true }
    position = start
    return false
  }

  private mutating func accept(_ scalar: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < scalars.count, scalars[position] == scalar else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while position < scalars.count, scalars[position].properties.isWhitespace { position += 1 }
  }

  /// Returns the text at the current position, for messages.
  private func shown() -> String {
    guard position < scalars.count else { return "the end" }
    if scalars[position] == "=" { return "a single `=` (equal is `==`)" }
    let word = scalars[position...].prefix { Self.isWord($0) }.prefix(40)
    let text = word.isEmpty ? scalars[position..<(position + 1)] : word
    return "`" + text.reduce(into: "") { $0.unicodeScalars.append($1) } + "`"
  }

  private func mistake(_ problem: String, at place: Int? = nil, hint: String) -> ConditionError {
    .correct(column: (place ?? position) + 1, problem: problem, hint: hint)
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.isASCII && scalar.properties.isAlphabetic
  }

  static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    isLetter(scalar) || scalar == "-" || ("0"..."9").contains(scalar)
  }
}
