/// Searches for the smallest world of a seed that still breaks the same promise.
package struct Shrinker {
  private let bug: InjectedBug?
  private let promise: Promise
  /// Number of worlds that may still be tried.
  private var left: Int
  private(set) var smallest: Simulation.Report

  /// Shrinks a world.
  /// - Parameter tries: maximum number of worlds to run.
  /// - Returns: the report of the smallest world found; the given report if none is smaller.
  package static func shrink(
    _ report: Simulation.Report, injecting bug: InjectedBug? = nil, tries: Int = 60
  ) throws -> Simulation.Report {
    guard let finding = report.finding else { return report }
    var shrinker = Shrinker(bug: bug, promise: finding.promise, left: tries, smallest: report)
    try shrinker.run()
    return shrinker.smallest
  }

  private init(bug: InjectedBug?, promise: Promise, left: Int, smallest: Simulation.Report) {
    self.bug = bug
    self.promise = promise
    self.left = left
    self.smallest = smallest
  }

  private mutating func run() throws {
    var isSmaller = true
    while isSmaller, left > 0 {
      isSmaller = false
      for ingredient in smallest.plan.ingredients.sorted() {
        isSmaller = try tryChange { $0.ingredients.remove(ingredient) } || isSmaller
      }
      for smaller in Self.sizes {
        isSmaller = try tryChange(smaller) || isSmaller
      }
    }
  }

  private static let sizes: [@Sendable (inout SimulationPlan) -> Void] = [
    { $0.documents = max(1, $0.documents / 2) },
    { $0.documents = max(1, $0.documents - 1) },
    { $0.sources = 1 },
    { $0.workers = max(1, $0.workers - 1) },
    { $0.concurrency = max(1, $0.concurrency / 2) },
    { $0.horizon = max(.seconds(5), $0.horizon / 2) },
  ]

  /// Runs the world with a change.
  /// - Returns: whether the smaller world breaks the promise too.
  private mutating func tryChange(_ change: (inout SimulationPlan) -> Void) throws -> Bool {
    var plan = smallest.plan
    change(&plan)
    guard left > 0, plan != smallest.plan else { return false }
    left -= 1
    let report = try Simulation.run(plan, injecting: bug)
    guard report.finding?.promise == promise else { return false }
    smallest = report
    return true
  }
}
