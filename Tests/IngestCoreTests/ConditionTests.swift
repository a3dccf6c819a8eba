import IngestCore
import Testing

struct ConditionTests {
  private static let scope = ConditionScope(
    task: """
      {"uri":"/srv/a.pdf","source":"handbook","index":"docs","size":120,"meta":{"team":"law","key with space":"x"},
      "tags":["new","big"],"nested":{"list":[{"n":7}]}}
      """,
    results: ["parse": #"{"pages":12,"parsed":"pdf","scanned":true,"share":0.5}"#, "broken": "{", "none": "{}"],
    failure: Failure(.permanent, code: "NO_TEXT", "It has no text."))

  @Test(
    "a condition that is true",
    arguments: [
      "true", "steps.parse.pages > 10", "steps.parse.pages >= 12 and steps.parse.pages <= 12.0",
      "steps.parse.pages == 12.0", "steps.parse.share < 1", "steps.parse.scanned", "steps.parse.scanned == true",
      "not steps.parse.missing", "meta.team == 'law'", "meta.team==\"law\"", "meta.'key with space' == 'x'",
      "source in ['wiki', 'handbook']", "source not in ['wiki']", "'new' in task.tags", "task.tags.1 == 'big'",
      "task.nested.list.0.n == 7", "exists(meta.team) and not exists(meta.owner)", "meta.owner == null",
      "contains(uri, '.pdf') and starts-with(uri, '/srv/')", "contains(task.tags, 'new')",
      "contains(task.meta, 'team')",
      "false or (true and not false)", "index != 'other'", "'a' < 'b'", "-1 < 0", "1e2 == 100",
      "meta.team != 'it''s'", "failure.code == 'NO_TEXT'", "failure.kind in ['permanent', 'exhausted']",
      "not not true", "true or false and false", "not false and true",
    ])
  func holds(text: String) throws {
    let condition = try Condition(text)
    #expect(condition.holds(in: Self.scope), "\(text)")
  }

  @Test(
    "a condition is false if a value is missing or has another type",
    arguments: [
      "false", "steps.parse.pages > 12", "steps.skipped.pages > 0", "steps.skipped.pages < 0", "steps.broken.x == 1",
      "steps.parse.parsed > 5", "steps.parse.parsed == 5", "steps.parse.scanned == 'true'", "meta.team", "task.size",
      "meta.owner", "exists(steps.broken)", "contains(task.size, 'x')", "starts-with(task.tags, 'n')",
      "'a' in meta.team",
      "steps.parse.pages.deeper == 1", "task.tags.9 == 'big'", "task.tags.-1 == 'big'", "not (1 == 1)",
      "task.meta < task.meta", "source in []", "null < 1", "meta.team and true",
    ])
  func doesNotHold(text: String) throws {
    let condition = try Condition(text)
    #expect(!condition.holds(in: Self.scope), "\(text)")
  }

  @Test(
    "a mistake is reported with its position in the text",
    arguments: [
      ("", 1, "a value is missing"), ("   ", 4, "a value is missing"), ("meta.team = 'law'", 11, "a single `=`"),
      ("step.parse.pages > 1", 1, "no value is called \"step\""),
      ("meta.team == law", 14, "no value is called \"law\""),
      ("meta.team == 'law", 14, "the text is not closed"),
      ("(true", 6, "found the end where `)` should be"),
      ("true)", 5, "found `)` where the condition should end"),
      ("true true", 6, "found `true` where the condition should end"),
      ("and true", 1, "a value is missing before `and`"), ("true and", 9, "a value is missing"),
      ("contain(uri, 'a')", 1, "no function is called \"contain\""),
      ("contains(uri 'a')", 14, "contains takes two values"),
      ("exists('a')", 8, "is not a path"), ("steps > 1", 1, "steps needs the id"),
      ("source.name == 'a'", 1, "has no members"),
      ("meta.pages > 10", 12, "meta.pages is text"), ("source == true", 8, "source is text"),
      ("1 < 2 < 3", 7, "two comparisons"),
      ("uri in 'abc'", 8, "needs a list"), ("uri in ['a'", 12, "where the list should end"),
      ("1a == 1", 1, "1a is not a number"),
      ("'text'", 1, "is not a condition"), ("5", 1, "is not a condition"), ("task..uri == 'a'", 6, "a name is missing"),
      ("uri not 'a'", 9, "`not` follows a value"), ("é", 1, "is not a value"), ("uri == #", 8, "is not a value"),
    ])
  func mistakes(text: String, column: Int, problem: String) {
    #expect {
      try Condition(text)
    } throws: { error in
      guard case ConditionError.correct(let found, let message, _) = error else { return false }
      #expect(found == column, "\(text): \(message)")
      #expect(message.contains(problem), "\(text): \(message)")
      return Failure(error).code == "CONDITION_INVALID"
    }
  }

  @Test("a mistyped word is answered with the nearest known word")
  func suggestion() {
    #expect {
      try Condition("exist(meta.team)")
    } throws: { error in
      Failure(error).hint == "did you mean exists?"
    }
  }

  @Test("length and depth are bounded, and a condition within the bounds is accepted")
  func bounds() throws {
    let deep = { (levels: Int) in String(repeating: "(", count: levels) + "true" + String(repeating: ")", count: levels)
    }
    let condition = try Condition(deep(Condition.depthLimit))
    #expect(condition.holds(in: Self.scope))
    #expect(throws: ConditionError.self) { try Condition(deep(Condition.depthLimit + 1)) }
    #expect(throws: ConditionError.self) { try Condition(String(repeating: "not ", count: 400) + "true") }
    let long = Array(repeating: "true", count: 220).joined(separator: " and ")
    let many = try Condition(long)
    #expect(many.holds(in: Self.scope))
    #expect(throws: ConditionError.self) { try Condition(long + String(repeating: " ", count: Condition.lengthLimit)) }
  }

  @Test("a condition lists the values that it reads, with their columns")
  func references() throws {
    let condition = try Condition("steps.parse.pages > 1 and exists(meta.'a b')")
    #expect(condition.references.map(\.path.description) == ["steps.parse.pages", "meta.'a b'"])
    #expect(condition.references.map(\.column) == [1, 34])
    #expect(condition.references.first?.path.step == "parse")
  }

  @Test(
    "a path is parsed, and printed in the same form", arguments: ["steps.list.items", "task.meta.'it''s'.0", "source"])
  func path(text: String) throws {
    let path = try ValuePath(text)
    #expect(path.description == text)
    #expect(throws: ConditionError.self) { try ValuePath(text + " > 1") }
  }

  @Test("any text is either parsed or refused, and any parsed condition can be evaluated")
  func fuzz() {
    var random = SplitMix(seed: 3)
    let pieces = [
      "steps.parse.pages", "meta.team", "task", "source", "'x'", "\"", "'", "12", "-", "1.5", "true", "null", "and",
      "or",
      "not", "in", "[", "]", ",", "(", ")", "==", "!=", "<=", ">", "=", "exists(", "contains(", "starts-with(", ".",
      "é", "\u{0}",
      "steps.parse", "😀",
    ]
    var read = 0
    for _ in 0..<30_000 {
      let count = Int.random(in: 0...9, using: &random)
      let text = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined(separator: " ")
      do {
        let condition = try Condition(text)
        _ = condition.holds(in: Self.scope)
        read += 1
      } catch {
        #expect((1...(text.unicodeScalars.count + 1)).contains(error.column), "\(text)")
      }
    }
    #expect(read > 50)
  }
}
