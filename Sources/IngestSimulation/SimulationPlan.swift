package import IngestCore

/// What a seed is made of. Any subset is a world; the shrinker looks for the smallest that still breaks a promise.
package enum Ingredient: String, Codable, Sendable, CaseIterable, Comparable {
  // What goes wrong.
  case crashes, stops, reboots
  case clockJumps = "clock-jumps"
  case lostWakes = "lost-wakes"
  case hiddenCommits = "hidden-commits"
  case storeErrors = "store-errors"
  case indexErrors = "index-errors"
  case providerFailures = "provider-failures"
  case slowness
  // What people and sources do.
  case updates, deletes, refusals, swaps, collection, pruning, pauses, cancels, redrives, replays,
    schedules, limits, waits

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// The size and the ingredients of one run. All of it follows from the seed, unless somebody says otherwise.
package struct SimulationPlan: Hashable, Sendable {
  package var seed: UInt64
  package var ingredients: Set<Ingredient>
  /// Workers that run at once; a killed one is replaced.
  package var workers: Int
  /// Jobs at once in each.
  package var concurrency: Int
  package var documents: Int
  package var sources: Int
  package var readers: Int
  /// How long faults and sources go on, in virtual time.
  package var horizon: Duration
  package var lease: Duration
  /// How often workers look without being woken. Where no wake is lost it is so long that a run cannot end in time by
  /// polling alone.
  package var poll: Duration
  /// What documents run: the built-in pipeline unless a user gave their own.
  package var workflow: WorkflowDefinition?
  /// The workflows that its `foreach` steps may name.
  package var others: [WorkflowDefinition] = []

  package init(seed: UInt64, only ingredients: Set<Ingredient>? = nil) {
    let random = RandomStream(seed: seed, purpose: "plan")
    self.seed = seed
    // Calm worlds and wild ones: what every seed has all of hides what needs quiet to show.
    let share = random.pick(200...800)
    var drawn: Set<Ingredient> = []
    for ingredient in Ingredient.allCases where random.chance(share) { drawn.insert(ingredient) }
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

  /// The world of a seed in which an injected bug can show.
  package init(seed: UInt64, showing bug: InjectedBug) {
    let drawn = SimulationPlan(seed: seed).ingredients
    self.init(seed: seed, only: drawn.union(bug.needs).subtracting(bug.spoiledBy))
    if bug == .breakerNotShared || bug == .droppedFence || bug == .doubleClaim {
      workers = max(workers, 2)
    }
    if bug == .tickFiredTwice { workers = max(workers, 3) }
    if bug == .droppedRevisionCheck {
      // A worker has to stand still just before it writes, while another one writes what is newer.
      (workers, documents, sources, lease, horizon) = (3, 2, 1, .seconds(4), .seconds(60))
    }
  }

  func has(_ ingredient: Ingredient) -> Bool { ingredients.contains(ingredient) }
}
