/// A mistake put into a world on purpose, to see an oracle find it: an oracle that was never seen to fail proves nothing.
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

  /// What is wrong, in one sentence.
  package var sentence: String {
    switch self {
    case .droppedFence: "A write under a lease does not look at its fence."
    case .droppedRevisionCheck:
      "The index takes a revision without looking whether it holds a newer one."
    case .checkpointBeforeEffect:
      "The catalogue says that a document is held before the index has it."
    case .nonAtomicSwap: "A swap takes two transactions, with nothing live between them."
    case .doubleClaim: "A claim takes leases for expired an hour too early."
    case .lostWakeUp: "A commit that makes work due wakes nobody."
    case .forgottenWait: "The end of the last job does not end the wait for its generation."
    case .throttleCountedTwice: "A start takes two from its throttle's bucket."
    case .throttleNotCounted: "A start takes nothing from its throttle's bucket."
    case .breakerNotShared: "Each worker has breakers of its own."
    case .deleteBeforeWrite: "An update removes the old chunks before it writes the new ones."
    case .staleRedrive: "A dead letter is redriven though a newer revision took its place."
    case .cacheWithoutFingerprint:
      "Paid vectors are kept by their text alone, whatever the embedder."
    case .cacheNotAsked: "Paid vectors are kept and not looked for."
    case .blobRowBeforeBlob: "A document's bytes are noted as kept and are not."
    case .prunedReference: "Bytes are collected that a document still needs."
    case .tickFiredTwice: "A schedule is fired without looking whether somebody else just did."
    }
  }

  /// What a world must be made of for the bug to show.
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

  /// What a world must not have for it to show.
  package var spoiledBy: Set<Ingredient> {
    switch self {
    case .lostWakeUp: [.lostWakes]
    case .throttleCountedTwice: [.hiddenCommits, .crashes, .reboots]
    default: []
    }
  }

  /// Statements, by their name, in which a part is replaced by another that takes the same values.
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

/// A statement that a bug changes. It is known by its name, so that its text may be written anew.
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
