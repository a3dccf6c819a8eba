import Glibc
import IngestCLI
import IngestSQL
import IngestTestKit

/// How the program is put together, by its environment.
enum UnderFire {
  static func interceptors() -> Interceptors {
    let fire = Fire(
      order: variable(FireOrder.orderVariable).flatMap(FireOrder.init),
      bug: variable(FireOrder.bugVariable).flatMap(PlantedBug.init), log: variable(FireOrder.logVariable))
    var interceptors = Interceptors()
    interceptors.queue = { QueueUnderFire(base: $0, fire: fire) }
    interceptors.submits = { SubmitsUnderFire(base: $0, fire: fire) }
    interceptors.jobs = { JobsUnderFire(base: $0, fire: fire) }
    interceptors.generations = { GenerationsUnderFire(base: $0, fire: fire) }
    interceptors.blobRows = { BlobRowsUnderFire(base: $0, fire: fire) }
    interceptors.cache = { CacheUnderFire(base: $0, fire: fire) }
    interceptors.gate = { GateUnderFire(base: $0, fire: fire) }
    interceptors.backend = { BackendUnderFire(base: $0, fire: fire) }
    if fire.bug == .droppedFence {
      // Every write of a running job names its fence; from now on any fence is the right one.
      interceptors.faults.statement = { $0.replacing("AND fence = ?", with: "AND 0 < ?") }
    }
    return interceptors
  }

  private static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
