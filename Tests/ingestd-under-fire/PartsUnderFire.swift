import Glibc
import IngestCore
import IngestTestKit

/// The rows of the blob store, with crash points around their writes.
struct BlobRowsUnderFire: BlobRows {
  let base: any BlobRows
  let fire: Fire

  func blobRow(_ hash: ContentHash) async throws -> BlobRow? {
    let row = try await base.blobRow(hash)
    if row == nil, fire.bug == .rowBeforeBlob, let size = Self.submittedSize {
      try await noteBlobFile(hash, size: size)
    }
    return row
  }

  /// The size of the first large file on the command line, which ``InjectedBug/rowBeforeBlob`` records before the file
  /// is stored.
  private static var submittedSize: Int? {
    CommandLine.arguments.lazy.compactMap { path in
      var status = stat()
      return stat(path, &status) == 0 && status.st_size > Blob.rowLimit ? Int(status.st_size) : nil
    }.first
  }

  func insertBlob(_ blob: Blob) async throws {
    try await base.insertBlob(blob)
  }

  func noteBlobFile(_ hash: ContentHash, size: Int) async throws {
    try await fire.around(.noteBefore, .noteAfter) { try await base.noteBlobFile(hash, size: size) }
  }

  func collectBlobs(
    grace: Duration, limit: Int, unlink: @escaping @Sendable (ContentHash) throws -> Void
  ) async throws -> (count: Int, bytes: Int) {
    let gone = try await base.collectBlobs(grace: grace, limit: limit) { [fire] hash in
      try unlink(hash)
      fire.pass(.unlinked)
    }
    if gone.count > 0 { fire.pass(.collectAfter) }
    return gone
  }
}

/// A cache with crash points between a provider's answer and its commit.
struct CacheUnderFire: EmbeddingCache {
  let base: any EmbeddingCache
  let fire: Fire

  func vectors(embedder: String, texts: [ContentHash]) async throws -> [[Float]?] {
    try await base.vectors(embedder: embedder, texts: texts)
  }

  func store(embedder: String, vectors: [(text: ContentHash, vector: [Float])]) async throws {
    if fire.bug == .cacheNotCommitted { return }
    try await fire.around(.cacheBefore, .cacheAfter) { try await base.store(embedder: embedder, vectors: vectors) }
  }
}

/// A gate with crash points around a call of a provider.
struct GateUnderFire: DependencyGate {
  let base: any DependencyGate
  let fire: Fire

  func enter(_ call: DependencyCall) async throws -> DependencyPermit {
    let permit = try await base.enter(call)
    fire.pass(.enterAfter)
    return permit
  }

  func leave(_ permit: DependencyPermit, _ end: DependencyCallEnd) async {
    fire.pass(.leaveBefore)
    await base.leave(permit, end)
  }
}

/// Submits and deletes with crash points around them.
struct SubmitsUnderFire: SubmitStore {
  let base: any SubmitStore
  let fire: Fire

  func settled(_ requests: [SubmitRequest]) async throws -> [SubmitReceipt?] { try await base.settled(requests) }

  func submit(_ request: SubmitRequest) async throws -> SubmitReceipt {
    try await fire.around(.submitBefore, .submitAfter) { try await base.submit(request) }
  }

  func submit(_ requests: [SubmitRequest]) async throws -> [SubmitReceipt] {
    try await fire.around(.submitBefore, .submitAfter) { try await base.submit(requests) }
  }
}

/// Actions of people on jobs, with crash points around them.
struct JobsUnderFire: JobStore {
  let base: any JobStore
  let fire: Fire

  func resolveJob(_ text: String) async throws -> JobID { try await base.resolveJob(text) }
  func job(_ id: JobID) async throws -> JobReport { try await base.job(id) }
  func jobs(_ filter: JobFilter) async throws -> [JobReport] { try await base.jobs(filter) }
  func events(of id: JobID, logs: Bool) async throws -> [JobEvent] { try await base.events(of: id, logs: logs) }

  func cancel(_ id: JobID, actor: String) async throws -> JobState {
    try await fire.around(.actBefore, .actAfter) { try await base.cancel(id, actor: actor) }
  }

  func retry(_ id: JobID, actor: String) async throws -> JobState {
    try await fire.around(.actBefore, .actAfter) { try await base.retry(id, actor: actor) }
  }

  func act(_ action: JobAction, on filter: JobFilter, dryRun: Bool, actor: String) async throws -> BulkReport {
    try await fire.around(.actBefore, .actAfter) {
      try await base.act(action, on: filter, dryRun: dryRun, actor: actor)
    }
  }

  func progress(of jobs: [JobID]) async throws -> [JobProgress] { try await base.progress(of: jobs) }
  func dead(_ filter: JobFilter) async throws -> [DeadLetter] { try await base.dead(filter) }
  func resolveDead(_ text: String) async throws -> JobID { try await base.resolveDead(text) }
  func wholeDead(_ id: JobID) async throws -> DeadRecord { try await base.wholeDead(id) }
  func quarantine() async throws -> [QuarantinedContent] { try await base.quarantine() }
  func liftQuarantine(_ content: ContentHash, actor: String) async throws -> Bool {
    try await base.liftQuarantine(content, actor: actor)
  }
  func status() async throws -> StatusReport { try await base.status() }
  func workers() async throws -> [StatusReport.Worker] { try await base.workers() }
}
