import IngestConfig
package import IngestCore
package import IngestIndex
package import IngestIndexSQLite
package import IngestSQL
package import IngestStore

/// The parts of an installation, each behind its protocol. The shipping program uses them as they are. A test program that
/// dies between two calls on purpose wraps them before it makes the ``Installation``.
package struct InstallationParts: Sendable {
  package let plan: InstallationPlan
  package let database: Database
  package let store: Store
  package let identifiers: IdentifierGenerator
  /// The embedded indexes, which are closed here. All other calls go through ``Installation/backends``.
  package let indexes: SQLiteIndex

  package var queue: any QueueStore
  package var submits: any SubmitStore
  package var jobs: any JobStore
  package var generations: any GenerationStore
  package var blobRows: any BlobRows
  package var cache: any EmbeddingCache
  package var gate: any DependencyGate
  /// The back ends that a generation may name. The installation wraps the remote ones in their breakers.
  package var backends: [any IndexBackend]

  /// Opens the database of a plan, and migrates it.
  package init(_ plan: InstallationPlan) throws {
    self.plan = plan
    do {
      database = try Database(path: plan.layout.database, options: plan.database)
    } catch {
      throw Failure(error)
    }
    let clock = plan.request.clock
    identifiers = IdentifierGenerator(clock: clock, random: SystemRandom())
    store = Store(
      database: database, clock: clock, identifiers: identifiers, breakers: try plan.configuration.breaker.policy())
    indexes = SQLiteIndex(folder: plan.layout.indexes)
    queue = store
    submits = store
    jobs = store
    generations = store
    blobRows = store
    cache = store
    gate = store
    backends = [indexes]
  }
}
