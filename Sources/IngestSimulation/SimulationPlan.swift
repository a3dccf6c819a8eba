package import IngestCore

/// An ingredient of a simulated world. Any subset makes a world. The shrinker searches for the smallest one that still
/// breaks a promise.
package enum Ingredient: String, Codable, Sendable, CaseIterable, Comparable {
  // Faults.
  case crashes, stops, reboots
  case clockJumps = "clock-jumps"
  case lostWakes = "lost-wakes"
  case hiddenCommits = "hidden-commits"
  case storeErrors = "store-errors"
  case indexErrors = "index-errors"
  case providerFailures = "provider-failures"
  case slowness
  // Actions of people and sources.
  case updates, deletes, refusals, swaps, collection, pruning, pauses, cancels, redrives, replays,
    schedules, limits, waits, starts

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// The size and the ingredients of one run. Everything follows from the seed unless the caller overrides it.
package struct SimulationPlan: Hashable, Sendable {
  package var seed: UInt64
  package var ingredients: Set<Ingredient>
  /// Number of workers that run at once. A killed worker is replaced.
  package var workers: Int
  /// Jobs that each worker runs at once.
  package var concurrency: Int
  package var documents: Int
  package var sources: Int
  package var readers: Int
  /// How long faults and sources continue, in virtual time.
  package var horizon: Duration
  package var lease: Duration
  /// How often workers poll without a wake signal. Where no wake signal is lost, it is so long that a run cannot finish
  /// in time by polling alone.
  package var poll: Duration
  /// The workflow of documents: the built-in one unless the user gives another.
  package var workflow: WorkflowDefinition?
  /// Other workflows that its `foreach` steps may name.
  package var others: [WorkflowDefinition] = []

  package init(seed: UInt64, only ingredients: Set<Ingredient>? = nil) {
    let random = RandomStream(seed: seed, purpose: "plan")
    self.seed = seed
    // The share of faults varies by seed: in a world with every fault, a bug that needs quiet would never show.
    let share = random.pick(200...800)
    var drawn: Set<Ingredient> = []
    for ingredient in Ingredient.allCases where ingredient != .starts && random.chance(share) {
      drawn.insert(ingredient)
    }
    // From a stream of its own, so that the other draws of a seed stay as they are.
    if RandomStream(seed: seed, purpose: "starts").chance(share) { drawn.insert(.starts) }
    self.ingredients = ingredients ?? drawn
    workers = random.pick(1...3)
    concurrency = random.pick(1...4)
    documents = random.pick(2...10)
    sources = random.pick(1...3)
    readers = 1
    horizon = .seconds(random.pick(15...45))
    lease = .seconds(random.pick(4...12))
    poll = self.ingredients.contains(.lostWakes) ? .seconds(2) : .seconds(7200)
    workflow = nil
  }

  /// Makes a world of a seed in which an injected bug can show.
  package init(seed: UInt64, showing bug: InjectedBug) {
    let drawn = SimulationPlan(seed: seed).ingredients
    self.init(seed: seed, only: drawn.union(bug.needs).subtracting(bug.spoiledBy))
    if bug == .breakerNotShared || bug == .droppedFence || bug == .doubleClaim {
      workers = max(workers, 2)
    }
    if bug == .tickFiredTwice { workers = max(workers, 3) }
    if bug == .droppedRevisionCheck {
      // A worker has to be stopped just before it writes, while another worker writes a newer revision.
      (workers, documents, sources, lease, horizon) = (3, 2, 1, .seconds(4), .seconds(60))
    }
  }

  func has(_ ingredient: Ingredient) -> Bool { ingredients.contains(ingredient) }
}
