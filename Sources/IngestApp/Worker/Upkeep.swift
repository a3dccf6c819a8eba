internal import Glibc
import IngestBlobs
import IngestCore
import IngestEngine
import IngestIndex
import IngestIndexSQLite
import IngestProcess
import IngestStore
import Synchronization

/// Upkeep of the data folder by one worker at a time. The round of another worker only checks the lock. The kernel releases the
/// lock when its process ends, and each task may stop at any point.
struct SoleUpkeep: Maintenance {
  let lock: any SoleUpkeepLock
  let tasks: [any Maintenance]

  /// Runs all tasks.
  /// - Throws: the first failure, after every task has run.
  func run() async throws {
    try await lock.whileAlone {
      var failure: (any Error)?
      for task in tasks {
        do { try await task.run() } catch { failure = failure ?? error }
        // A worker that ends leaves the rest to the next round of any worker.
        if Task.isCancelled { return }
      }
      if let failure { throw failure }
    }
  }
}

/// Removes jobs, journal entries and keys past their retention, and frees their space.
struct RetentionUpkeep: Maintenance {
  let store: Store
  let retention: Retention

  func run() async throws { _ = try await store.prune(retention) }
}

/// Adds rows for blob files that a crash left without one, so that collection finds them. Runs once per worker.
final class OrphanUpkeep: Maintenance {
  private let blobs: FileBlobStore
  private let isDone = Mutex(false)

  init(blobs: FileBlobStore) { self.blobs = blobs }

  func run() async throws {
    guard !isDone.withLock({ $0 }) else { return }
    _ = try await blobs.adoptOrphans()
    isDone.withLock { $0 = true }
  }
}

/// Removes blobs that nothing refers to.
struct BlobUpkeep: Maintenance {
  let blobs: FileBlobStore
  let grace: Duration

  func run() async throws { _ = try await blobs.collect(grace: grace) }
}

/// Closes this process's open files of generations that another process deleted. Each worker does this for itself.
struct OpenFilesUpkeep: Maintenance {
  let indexes: SQLiteIndex

  func run() async throws { await indexes.closeDeleted() }
}

/// Removes the lock files of killed workers. A file younger than a minute stays: it may not be locked yet.
struct LockUpkeep: Maintenance {
  let folder: String
  private static let age = 60

  func run() async throws {
    guard let listing = opendir(folder) else { return }
    defer { closedir(listing) }
    let now = time(nil)
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      var status = stat()
      let path = "\(folder)/\(name)"
      guard name.hasSuffix(".lock"), stat(path, &status) == 0, status.st_mtim.tv_sec < now - Self.age else { continue }
      try FileLock.tryLock(path: path)?.remove()
    }
  }
}

/// Removes tombstones that no older job can need, removes lower revisions in back ends that keep them, and frees the space of
/// removed vectors in bounded pieces.
struct IndexUpkeep: Maintenance {
  let store: Store
  let backends: BackendRegistry
  let clock: any TimeSource
  private static let page = 256

  func run() async throws {
    for index in try await store.indexNames() {
      for generation in try await store.list(index) where generation.isOpen {
        do {
          let backend = try backends.backend(for: generation.spec)
          try await HeldSweep(generations: store).run(GenerationName(generation), in: backend)
          guard let maintained = backend.maintained else { continue }
          try await pruneTombstones(of: generation, in: maintained)
          while try await maintained.maintain(GenerationName(generation)) { try Task.checkCancellation() }
        } catch IndexError.generationMissing {
          // The generation is being created, or was deleted meanwhile.
          continue
        }
      }
    }
  }

  private func pruneTombstones(of generation: Generation, in backend: any MaintainedBackend) async throws {
    let name = GenerationName(generation)
    var after: DocumentID?
    while true {
      try Task.checkCancellation()
      let page = try await backend.tombstones(after: after, limit: Self.page, in: name)
      guard let last = page.last else { return }
      after = last.document
      let settled = try await store.settledDeletes(
        page.map { (document: $0.document, revision: $0.revision) }, index: generation.index,
        generation: generation.number)
      try await backend.pruneTombstones(page.filter { settled.contains($0.document) }, in: name)
    }
  }
}
