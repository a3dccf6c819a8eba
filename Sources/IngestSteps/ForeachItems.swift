import IngestCore

/// What a `foreach` goes through: the elements of a list, or the numbers below a number.
enum ForeachItems {
  case list([JSONValue])
  case numbers(Int)

  /// - Throws: `FOREACH_ITEMS` for what is neither, `FOREACH_TOO_MANY` for more than the limit: nothing is made then.
  init(_ value: JSONValue?, path: ValuePath, limit: Int) throws {
    switch value {
    case .list(let elements)?: self = .list(elements)
    case .integer(let number)? where number >= 0: self = .numbers(number)
    default:
      let found =
        switch value {
        case nil, .null?: "nothing"
        case .bool?: "a boolean"
        case .integer?: "a negative number"
        case .number?: "a fraction"
        case .text?: "text"
        case .object?: "an object"
        case .list?: "a list"
        }
      throw Failure(
        .permanent, code: "FOREACH_ITEMS", "'\(path)' is to be a list or a number of items, but there is \(found).",
        hint: "Look at the results of the steps before it with \(Action(.jobShow, "JOB", with: ["json": nil])).")
    }
    guard count <= limit else {
      throw Failure(
        .permanent, code: "FOREACH_TOO_MANY", "'\(path)' has \(count) items; \(limit) is the most.",
        hint: "Raise the step's `limit`, which can be 100000 at most, or let each item stand for many.",
        category: .refused)
    }
  }

  var count: Int {
    switch self {
    case .list(let elements): elements.count
    case .numbers(let number): number
    }
  }

  /// The item as JSON.
  subscript(position: Int) -> String {
    switch self {
    case .list(let elements): elements[position].description
    case .numbers: "\(position)"
    }
  }
}

/// How many children must complete: a number, or a share of all.
struct MinimumSuccess {
  let text: String
  private let number: Int
  private let isShare: Bool

  init(_ text: String) throws {
    self.text = text
    isShare = text.hasSuffix("%")
    guard let number = Int(isShare ? text.dropLast() : text[...]) else {
      throw Failure(
        .permanent, code: "STEP_SETTING", "The setting 'min-success' cannot be read: '\(text)'.",
        hint: "Give a number such as 10, or a share such as 95%.")
    }
    self.number = number
  }

  /// A number that is more than all means all: no list is too short for its workflow.
  func holds(_ completed: Int, of total: Int) -> Bool {
    isShare ? completed * 100 >= number * total : completed >= min(number, total)
  }
}
