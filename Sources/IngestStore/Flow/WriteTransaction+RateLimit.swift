import IngestCore
import IngestSQL

extension Store {
  /// Records this boot, once for each process. From the recorded time on, the buckets of an earlier boot continue. A
  /// refused submit stores nothing, so it cannot record that time itself.
  func noteBoot() async throws {
    guard !flow.hasNotedBoot else { return }
    let isNoted = try await read { [clock] db in
      try db.first("SELECT boot_id = \(clock.bootID) FROM flow") { $0.bool(0) } ?? false
    }
    if !isNoted { try await write { try $0.adoptBoot() } }
    flow.noteBoot()
  }
}

/// Limits that refuse a submit.
extension WriteTransaction {
  /// Takes one submit from all rate limits that apply to it, or refuses it and takes from none.
  /// - Throws: `RATE_LIMITED`, with the time of the next try.
  func takeRate(of work: RatedWork) throws {
    let gates = try rules().gates(of: work)
    guard !gates.isEmpty else { return }
    let accounts = GateAccounts(self)
    switch try accounts.take(gates) {
    case .granted: try accounts.store()
    case .closed(let closure):
      let name = try db.first("SELECT name FROM gates WHERE key = \(closure.gate)") { $0.text(0) } ?? ""
      let spec = gates.first { $0.name == name }?.rate?.description ?? ""
      let wait = closure.until.map { Duration.microseconds(max(0, $0 - uptime)) }
      let failure = Failure(
        .throttled, code: "RATE_LIMITED", "The limit \(spec) (\(name)) is reached; nothing was accepted.",
        hint: wait.map { "Submit again at \(now + $0), or raise the limit: \(Action(.sourceSet))." }
          ?? "Raise the limit: \(Action(.sourceSet)).",
        category: .refused, reason: .rateLimited, retryAfter: wait)
      throw accounts.isRebased ? RateRefusal(failure: failure, work: work) : failure
    }
  }

  /// Stores the buckets of a refused submit, converted to the limits in force.
  func rebaseRates(of work: RatedWork) throws {
    let accounts = GateAccounts(self)
    try accounts.load(rules().gates(of: work))
    try accounts.store()
  }
}

/// A refusal that found a bucket of another rate. The refused submit rolls back, so another transaction must store the
/// converted bucket.
struct RateRefusal: FailureConvertible {
  var failure: Failure
  var work: RatedWork
}
