package import IngestBlobs
package import IngestConfig
package import IngestCore
package import IngestEmbedding
package import IngestIndex
import IngestIndexSQLite
package import IngestOperations
import IngestSQL
import IngestSteps
package import IngestStore

/// An open data folder: the store, the configuration in force, and the operations on them.
package struct Installation: Sendable {
  let parts: InstallationParts
  package let blobs: FileBlobStore
  package let embedders: EmbedderFactory
  package let backends: BackendRegistry

  /// Opens a data folder as the shipping program does. The caller closes the installation.
  package static func open(_ request: InstallationRequest) async throws -> Installation {
    Installation(try InstallationParts(try InstallationPlan(request)))
  }

  package init(_ parts: InstallationParts) {
    self.parts = parts
    let request = parts.plan.request
    blobs = FileBlobStore(folder: parts.plan.layout.blobs, rows: parts.blobRows)
    let gate = CallGate(parts.gate, clock: request.clock)
    embedders = EmbedderFactory(
      settings: Array(parts.plan.configuration.embedders.values), cache: parts.cache,
      environment: request.environment, gate: gate)
    backends = BackendRegistry(parts.backends, gate: gate)
  }

  package var layout: DataLayout { parts.plan.layout }
  package var configuration: Configuration { parts.plan.configuration }
  package var store: Store { parts.store }
  package var clock: any TimeSource { parts.plan.request.clock }
  var environment: [String: String] { parts.plan.request.environment }

  /// Returns the operations for one request. The journal names the actor beside each change.
  package func operations(as actor: Actor) -> Operations {
    Operations(
      OperationParts(
        submits: parts.submits, enqueues: store, jobs: parts.jobs, signals: store, documents: store,
        generations: parts.generations,
        limits: store, breakers: store, schedules: store, backends: backends, searcher: searcher, zones: ZoneFiles(),
        clock: clock,
        settings: ConfiguredSettings(configuration: configuration, embedders: embedders),
        workflows: FileWorkflows { [configuration, layout] in WorkflowLibrary.load(configuration, in: layout) },
        steps: .standard, texts: KeptText(documents: store, blobs: blobs), liveness: LockLiveness(), blobs: blobs,
        place: layout.folder,
        collectBlobs: { [blobs, grace = configuration.blobs.collectionGrace] in
          _ = try await blobs.collect(grace: grace)
        }),
      actor: actor)
  }

  /// Closes the database. The last process that closes it merges the log into it.
  package func close() async {
    await parts.indexes.close()
    await parts.database.close()
  }
}

/// The function that opens a data folder for a front door.
package typealias Composition = @Sendable (InstallationRequest) async throws -> Installation
