internal import Glibc
package import IngestConfig
package import IngestCore
package import IngestDocuments
package import IngestEngine
import IngestIndex
import IngestProcess
import IngestSteps
import IngestStore

extension Installation {
  /// Returns a worker of this data folder, and its presence. Keep the presence until the worker has ended: other processes see
  /// the worker as alive while it exists.
  package func worker(
    _ options: WorkerOptions, report: @escaping @Sendable (WorkerEvent) -> Void
  ) throws -> (worker: Worker, presence: any WorkerPresence) {
    let id: WorkerID = parts.identifiers.next()
    let liveness = LockedLiveness(folder: layout.workers, clock: clock)
    let presence = try liveness.announce(id)
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    let registration = WorkerRegistration(
      id: id, process: getpid(), host: String(decoding: name.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self),
      bootID: clock.bootID, liveness: presence.token, concurrency: options.concurrency)
    let services = StepServices(
      generations: parts.generations, documents: store, blobs: blobs, reader: reader, backends: backends,
      embedders: embedders,
      clock: clock,
      workflow: { [store, layout, configuration] name, version in
        if let version, let kept = try await store.workflow(version) {
          return PinnedWorkflow(version: version, definition: kept)
        }
        return try WorkflowLibrary.load(configuration, in: layout).get(name).pinned
      }, environment: environment, gate: parts.gate)
    let runner = WorkflowRunner(
      store: parts.queue, registry: StepRegistry(services.steps + [scanStep]), clock: clock, random: SystemRandom())
    let worker = Worker(
      registration: registration, store: parts.queue, runner: runner,
      surroundings: MachineSurroundings(wake: try WakeFile(path: layout.wake), liveness: liveness),
      maintenance: [
        SoleUpkeep(
          lock: FileUpkeepLock(path: layout.upkeep),
          tasks: [
            RetentionUpkeep(store: store, retention: try configuration.retention.policy),
            OrphanUpkeep(blobs: blobs),
            BlobUpkeep(blobs: blobs, grace: configuration.blobs.collectionGrace),
            IndexUpkeep(store: store, backends: backends, clock: clock),
            LockUpkeep(folder: layout.workers),
          ]),
        OpenFilesUpkeep(indexes: parts.indexes),
      ],
      followUp: settling,
      scheduler: scheduler, clock: clock, options: options, report: report)
    return (worker, presence)
  }

  private var settling: FollowUp {
    let settlement = Settlement(generations: parts.generations, backends: backends)
    return { [lock = FileUpkeepLock(path: layout.settlement)] all in
      if all { return try await settlement.run(.all) }
      _ = try await lock.whileAlone { try await settlement.run(.due) }
    }
  }

  /// Reads documents with the configured limits.
  package var reader: DocumentReader { DocumentReader(configuration.parser) }
}

extension Configuration.Retention {
  fileprivate var policy: Retention {
    get throws { try Retention(completed: completed, cancelled: cancelled, dead: dead, journal: journal) }
  }
}

extension DocumentReader {
  /// Makes a reader with the configured limits and child processes of its own.
  package init(_ parser: Configuration.Parser) {
    var limits = ParserLimits()
    limits.pages = parser.pages
    limits.text = parser.characters
    limits.memory = parser.memory.bytes
    limits.processorTime = parser.cpu
    limits.wallTime = parser.wall
    self.init(pool: ParserPool(size: parser.processes), limits: limits)
  }
}
