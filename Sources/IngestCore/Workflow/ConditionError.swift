/// The error of a condition or path that cannot be parsed. It is found when the workflow's file is read, never while a
/// job runs.
package enum ConditionError: FailureConvertible, Hashable {
  /// - Parameter column: counted from 1, in Unicode scalars of the condition's own text.
  case correct(column: Int, problem: String, hint: String)

  package var column: Int {
    switch self {
    case .correct(let column, _, _): column
    }
  }

  package var problem: String {
    switch self {
    case .correct(_, let problem, _): problem
    }
  }

  package var failure: Failure {
    switch self {
    case .correct(let column, let problem, let hint):
      Failure(
        .permanent, code: "CONDITION_INVALID", "The condition is wrong at character \(column): \(problem).",
        hint: Hint(hint),
        category: .invalid)
    }
  }
}
