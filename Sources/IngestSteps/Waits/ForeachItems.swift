import IngestCore

/// The items of a `foreach`: the elements of a list, or the numbers from 0 up to a given number, itself excluded.
enum ForeachItems {
  case list([JSONValue])
  case numbers(Int)

  /// - Throws: `FOREACH_ITEMS` if the value is neither, `FOREACH_TOO_MANY` if there are more items than the limit. No
  ///   child exists then.
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
        .permanent, code: "FOREACH_ITEMS", "'\(path)' must be a list or a number of items, but it is \(found).",
        hint: "Check the results of the previous steps with \(Action(.jobShow, "JOB", with: ["json": nil])).")
    }
    guard count <= limit else {
      throw Failure(
        .permanent, code: "FOREACH_TOO_MANY", "'\(path)' has \(count) items; at most \(limit) are allowed.",
        hint: "Raise the step's `limit` (at most 100000), or put several elements into each item.",
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

/// The number of children that must complete: a count or a share of all.
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
        hint: "Use a number such as 10, or a share such as 95%.")
    }
    self.number = number
  }

  /// Returns whether enough children completed. A count above the total means all of them, so a short list can succeed.
  func holds(_ completed: Int, of total: Int) -> Bool {
    isShare ? completed * 100 >= number * total : completed >= min(number, total)
  }
}
