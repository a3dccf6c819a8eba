/// A bug injected into a world on purpose, to check that an oracle finds it. An oracle that has never failed proves
/// nothing.
package enum InjectedBug: String, CaseIterable, Sendable {
  case droppedFence = "dropped-fence"
  case droppedRevisionCheck = "dropped-revision-check"
  case checkpointBeforeEffect = "checkpoint-before-effect"
  case nonAtomicSwap = "non-atomic-swap"
  case doubleClaim = "double-claim"
  case lostWakeUp = "lost-wake-up"
  case forgottenWait = "forgotten-wait"
  case throttleCountedTwice = "throttle-counted-twice"
  case throttleNotCounted = "throttle-not-counted"
  case breakerNotShared = "breaker-not-shared"
  case deleteBeforeWrite = "delete-before-write"
  case staleRedrive = "stale-redrive"
  case cacheWithoutFingerprint = "cache-without-fingerprint"
  case cacheNotAsked = "cache-not-asked"
  case blobRowBeforeBlob = "blob-row-before-blob"
  case prunedReference = "pruned-reference"
  case tickFiredTwice = "tick-fired-twice"

  /// One sentence that says what is wrong.
  package var sentence: String {
    switch self {
    case .droppedFence: "A write under a lease does not check its fence."
    case .droppedRevisionCheck:
      "The index accepts a revision without checking whether it holds a newer one."
    case .checkpointBeforeEffect:
      "The catalogue records a document as held before the index has it."
    case .nonAtomicSwap: "A swap takes two transactions, and no generation is live between them."
    case .doubleClaim: "A claim treats leases as expired an hour too early."
    case .lostWakeUp: "A commit that makes work due wakes no worker."
    case .forgottenWait: "A generation's wait does not end when its last job ends."
    case .throttleCountedTwice: "A start takes two from its throttle's bucket."
    case .throttleNotCounted: "A start takes nothing from its throttle's bucket."
    case .breakerNotShared: "Each worker has its own breakers."
    case .deleteBeforeWrite: "An update removes the old chunks before it writes the new ones."
    case .staleRedrive: "A dead letter is redriven although a newer revision replaced it."
    case .cacheWithoutFingerprint:
      "Paid vectors are stored by text alone, without the embedder."
    case .cacheNotAsked: "Paid vectors are stored but never queried."
    case .blobRowBeforeBlob: "A document's bytes are recorded as stored, but they are not."
    case .prunedReference: "Bytes that a document still needs are deleted."
    case .tickFiredTwice: "A schedule is fired without checking whether another worker has just fired it."
    }
  }

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
