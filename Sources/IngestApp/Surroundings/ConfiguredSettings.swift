import IngestConfig
import IngestCore
import IngestDocuments
import IngestEmbedding
import IngestOperations
import IngestSteps

/// The configuration in force, for operations.
struct ConfiguredSettings: OperationSettings {
  let configuration: Configuration
  let embedders: EmbedderFactory

  func embedderName(forIndex index: String) -> String { configuration.embedderName(forIndex: index) }
  func chunker(forIndex index: String) -> ChunkerSettings { configuration.chunker(forIndex: index) }
  var parser: String { DocumentReader.fingerprint }
  var keyLife: Duration { configuration.idempotency.life }
  func embedder(named name: String) throws -> EmbedderSpec { try embedders.spec(named: name) }
  func flow() throws -> ConfiguredFlow { try configuration.flow() }
  func schedules() throws -> [String: ScheduleSpec] { try configuration.schedules.mapValues { try $0.spec } }
}

extension KeptText: DocumentTexts {}

/// The liveness of workers by the lock that each holds on a file of its own while it lives.
struct LockLiveness: LivingWorkers {
  func isAlive(_ worker: StatusReport.Worker) -> Bool { worker.isAlive }
}
