/// A bug injected into a world on purpose, to check that an oracle finds it. An oracle that has never failed proves
/// nothing.
package enum InjectedBug: String, CaseIterable, Sendable {
  /// A write under a lease does not check its fence.
  case droppedFence = "dropped-fence"
  /// The index accepts a revision without checking whether it holds a newer one.
  case droppedRevisionCheck = "dropped-revision-check"
  /// The catalogue records a document as held before the index has it.
  case checkpointBeforeEffect = "checkpoint-before-effect"
  /// A swap takes two transactions, and no generation is live between them.
  case nonAtomicSwap = "non-atomic-swap"
  /// A claim treats leases as expired an hour too early.
  case doubleClaim = "double-claim"
  /// A commit that makes work due wakes no worker.
  case lostWakeUp = "lost-wake-up"
  /// A generation's wait does not end when its last job ends.
  case forgottenWait = "forgotten-wait"
  /// A start takes two from its throttle's bucket.
  case throttleCountedTwice = "throttle-counted-twice"
  /// A start takes nothing from its throttle's bucket.
  case throttleNotCounted = "throttle-not-counted"
  /// Each worker has its own breakers.
  case breakerNotShared = "breaker-not-shared"
  /// An update removes the old chunks before it writes the new ones.
  case deleteBeforeWrite = "delete-before-write"
  /// A dead letter is redriven although a newer revision replaced it.
  case staleRedrive = "stale-redrive"
  /// Paid vectors are stored by text alone, without the embedder.
  case cacheWithoutFingerprint = "cache-without-fingerprint"
  /// Paid vectors are stored but never queried.
  case cacheNotAsked = "cache-not-asked"
  /// A document's bytes are recorded as stored, but they are not.
  case blobRowBeforeBlob = "blob-row-before-blob"
  /// Bytes that a document still needs are deleted.
  case prunedReference = "pruned-reference"
  /// A schedule is fired without checking whether another worker has just fired it.
  case tickFiredTwice = "tick-fired-twice"

  /// Ingredients that a world must have for the bug to show.
  package var needs: Set<Ingredient> {
    switch self {
    case .droppedFence: [.stops, .slowness]
    case .droppedRevisionCheck: [.stops, .slowness, .updates]
    case .checkpointBeforeEffect: [.updates]
    case .nonAtomicSwap, .cacheWithoutFingerprint, .forgottenWait: [.swaps]
    case .doubleClaim, .blobRowBeforeBlob: []
    case .lostWakeUp: []
    case .throttleCountedTwice, .throttleNotCounted: [.limits, .updates]
    case .breakerNotShared: [.providerFailures, .updates]
    case .deleteBeforeWrite: [.updates]
    case .staleRedrive: [.refusals, .updates]
    case .cacheNotAsked: [.updates]
    case .prunedReference: [.pruning]
    case .tickFiredTwice: [.schedules]
    }
  }

  /// Ingredients that a world must not have for the bug to show.
  package var spoiledBy: Set<Ingredient> {
    switch self {
    case .lostWakeUp: [.lostWakes]
    case .throttleCountedTwice: [.hiddenCommits, .crashes, .reboots]
    default: []
    }
  }

  /// Statements, by name, with the part that is replaced by another part with the same parameters.
  package var statementChanges: [StatementChange] {
    switch self {
    case .droppedFence:
      ["lease.check", "lease.renew"].map {
        StatementChange($0, replacing: "AND fence = ? AND state = 'running'", by: "AND ? > 0 AND state = 'running'")
      }
    case .droppedRevisionCheck:
      [StatementChange("index.held-revision", replacing: "key, revision, visible, deleted", by: "key, 0, 0, 0")]
    case .doubleClaim:
      ["claim.may-tidy", "claim.expired-leases"].map {
        StatementChange(
          $0, replacing: "state = 'running' AND lease_until <= ?",
          by: "state = 'running' AND lease_until <= ? + 3600000000")
      }
    case .forgottenWait:
      [
        StatementChange(
          "wait.end-gathering", replacing: "SET state = 'queued', reason = 'ready', waits_below = NULL",
          by: "SET waits_for = NULL, waits_below = waits_below")
      ]
    case .throttleCountedTwice:
      [
        StatementChange(
          "gate.store", replacing: "SET state = ?, held",
          by: "SET state = json_replace(?1, '$.bucket.g.a', json_extract(?1, '$.bucket.g.a') + 1000000), held")
      ]
    case .throttleNotCounted:
      [StatementChange("gate.store", replacing: "SET state = ?, held", by: "SET state = nullif(?1, ?1), held")]
    case .staleRedrive:
      [
        StatementChange(
          "verdict.facts", replacing: "SELECT revision FROM documents WHERE key = j.document_key",
          by: "SELECT revision FROM jobs WHERE document_key = j.document_key AND state = 'dead' ORDER BY key LIMIT 1")
      ]
    case .blobRowBeforeBlob:
      [
        StatementChange(
          "blob.insert", replacing: "VALUES (?, ?, ?, ?)", by: "VALUES (?, ?, nullif(?3, ?3), ?)")
      ]
    case .prunedReference:
      ["blob.collectable", "blob.collect"].map {
        StatementChange(
          $0, replacing: "NOT EXISTS (SELECT 1 FROM documents d WHERE d.blob_key = b.key)", by: "b.key > 0")
      }
    case .tickFiredTwice: [StatementChange("schedule.fire", replacing: "AND s.version = ?", by: "AND ? > 0")]
    case .checkpointBeforeEffect, .nonAtomicSwap, .lostWakeUp, .breakerNotShared, .deleteBeforeWrite,
      .cacheWithoutFingerprint, .cacheNotAsked:
      []
    }
  }
}

/// A change of a statement by a bug. The statement is identified by its name, so that its text may be rewritten.
package struct StatementChange: Hashable, Sendable {
  package let statement: String
  let part: String
  let replacement: String

  init(_ statement: String, replacing part: String, by replacement: String) {
    self.statement = statement
    self.part = part
    self.replacement = replacement
  }
}
