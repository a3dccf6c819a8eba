import Glibc
import IngestApp
import IngestSQL
import IngestTestKit

/// The program's composition root with crash points around its parts, as the environment orders.
enum UnderFire {
  private static let fire = Fire(
    order: variable(FireOrder.orderVariable).flatMap(FireOrder.init),
    bug: variable(FireOrder.bugVariable).flatMap(InjectedBug.init), log: variable(FireOrder.logVariable))

  static func compose(_ request: InstallationRequest) async throws -> Installation {
    var plan = try InstallationPlan(request)
    if fire.bug == .droppedFence {
      // Every write of a running job names its fence. With this bug any fence is accepted.
      plan.database.faults.statement = { name, text in
        ["lease.check", "lease.renew"].contains(name) ? text.replacing("AND fence = ?", with: "AND 0 < ?") : text
      }
    }
    var parts = try InstallationParts(plan)
    parts.queue = QueueUnderFire(base: parts.queue, fire: fire)
    parts.submits = SubmitsUnderFire(base: parts.submits, fire: fire)
    parts.jobs = JobsUnderFire(base: parts.jobs, fire: fire)
    parts.generations = GenerationsUnderFire(base: parts.generations, fire: fire)
    parts.blobRows = BlobRowsUnderFire(base: parts.blobRows, fire: fire)
    parts.cache = CacheUnderFire(base: parts.cache, fire: fire)
    parts.gate = GateUnderFire(base: parts.gate, fire: fire)
    parts.backends = parts.backends.map { BackendUnderFire(base: $0, fire: fire) }
    return Installation(parts)
  }

  private static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
