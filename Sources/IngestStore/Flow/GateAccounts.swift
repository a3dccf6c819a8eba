import IngestCore
import IngestSQL

/// The gate accounts of one transaction. It loads their rows into a ``GateLedger``, which decides, and writes the
/// changes.
final class GateAccounts {
  private let transaction: WriteTransaction
  private var ledger: GateLedger

  init(_ transaction: WriteTransaction) {
    self.transaction = transaction
    ledger = GateLedger(at: transaction.uptime, bootID: transaction.bootID, breakers: transaction.breakers)
  }

  /// Takes one start from all of the gates, or from none.
  func take(_ gates: [Gate]) throws -> GateLedger.Verdict {
    try load(gates)
    return ledger.take(gates)
  }

  /// Reads the accounts and takes nothing.
  func load(_ gates: [Gate]) throws {
    for need in ledger.needs(gates) {
      switch need {
      case .account(let gate):
        try load(gate)
        // The account's content decides whether the gate needs more.
        if case .parked(_, let key)? = ledger.needs([gate]).first { try loadParked(gate, key) }
      case .parked(let gate, let key): try loadParked(gate, key)
      }
    }
  }

  /// Records the job that holds the slots that were just taken.
  /// - Returns: whether there were any slots.
  func hold(_ gates: [Gate], for job: Int64) throws -> Bool {
    let slots = ledger.slots(of: gates)
    for slot in slots {
      _ = try transaction.db.run(
        "INSERT INTO slots (job_key, gate_key, step) VALUES (\(job), \(slot.account), \(slot.isOfStep))")
    }
    return !slots.isEmpty
  }

  /// Whether a bucket of another rate was found and converted.
  var isRebased: Bool { ledger.hasChanges }

  /// Writes the accounts that were taken from or converted.
  func store() throws {
    for change in ledger.takeChanges() {
      switch change {
      case .account(let key, let bucket, let held):
        let state = try bucket.map { try JSONText.encode($0) }
        _ = try transaction.db.run(
          SQL(
            named: "gate.store",
            """
            UPDATE gates SET state = \(state), held = \(held), changed_at = \(transaction.now.rawValue)
            WHERE key = \(key)
            """))
      case .pace(let key, let until):
        _ = try transaction.db.run("UPDATE gates SET paced_until = \(until) WHERE key = \(key)")
      case .dependency(let key, let state):
        try transaction.store(state, ofGate: key)
      }
    }
  }

  private func load(_ gate: Gate) throws {
    let found = try transaction.db.first(
      "SELECT key, state, held, paced_until, adopted FROM gates WHERE name = \(gate.name)"
    ) { row in
      let state = row.optionalText(1)
      var account = GateAccount(key: row.int64(0), held: row.int(2), pacedUntil: row.optionalInt64(3))
      switch gate.policy {
      case .limit(.throttle), .limit(.rateLimit):
        account.bucket = try state.map { try JSONText.decode(GateAccount.Bucket.self, $0) }
      case .dependency: account.dependency = try state.map { try JSONText.decode(DependencyState.self, $0) }
      case .limit(.concurrency), .pause: break
      }
      return (account: account, adopted: row.optionalInt64(4))
    }
    var account = try found?.account ?? GateAccount(key: transaction.gateKey(gate.name, kind: gate.kind))
    if gate.countsRunning, try found?.adopted != transaction.rules().version {
      account.held += try transaction.adoptRunning(gate, key: account.key)
    }
    let isOfThisBoot = account.bucket.map { $0.boot == transaction.bootID } ?? true
    ledger.load(account, of: gate, boot: isOfThisBoot ? transaction.uptime : try transaction.notedBoot())
  }

  private func loadParked(_ gate: Gate, _ key: Int64) throws {
    let parked = try transaction.db.first(
      """
      SELECT coalesce(sum(ready), 0) FROM (
        SELECT ready FROM lanes WHERE closed = 1 AND closed_by = \(key) LIMIT \(WriteTransaction.reopened))
      """
    ) { $0.int(0) }
    ledger.load(parked: parked ?? 0, at: gate)
  }
}

extension WriteTransaction {
  /// Returns the gate of this name; creates it if it does not exist.
  func gateKey(_ name: String, kind: String) throws -> Int64 {
    if let key = try db.first("SELECT key FROM gates WHERE name = \(name)", { $0.int64(0) }) { return key }
    return try db.first(
      "INSERT INTO gates (name, kind, changed_at) VALUES (\(name), \(kind), \(now.rawValue)) RETURNING key"
    ) { $0.int64(0) } ?? 0
  }

  /// Returns when this boot was first recorded, in microseconds of its clock.
  func notedBoot() throws -> Int64 {
    try adoptBoot()
    return try db.first("SELECT boot_at FROM flow") { $0.int64(0) } ?? uptime
  }
}
