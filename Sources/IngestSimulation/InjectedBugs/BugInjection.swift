import IngestCore
import IngestIndex
import IngestStore

/// A bug injected into one world: a change of statement texts, or a wrapper around the protocols that workers get. The
/// product's own code is never changed.
///
/// `@unchecked`: confined to the kernel's thread.
final class BugInjection: @unchecked Sendable {
  let bug: InjectedBug
  /// Number of statements that were changed, plus calls that a wrapper altered.
  private(set) var hits = 0

  init(_ bug: InjectedBug) { self.bug = bug }

  func hit() { hits += 1 }

  /// The names of the statements that were changed.
  private(set) var changedStatements: Set<String> = []

  func rewrite(_ name: String?, _ text: String) -> String {
    guard let name else { return text }
    var text = text
    for change in bug.statementChanges where change.statement == name && text.contains(change.part) {
      text = Self.replace(change.part, in: text, by: change.replacement)
      changedStatements.insert(name)
      hits += 1
    }
    return text
  }

  private static func replace(_ part: String, in text: String, by replacement: String) -> String {
    text.split(separator: part, omittingEmptySubsequences: false).joined(separator: replacement)
  }

  func gate(_ store: Store, host: WorkerHost) -> any DependencyGate {
    bug == .breakerNotShared ? PerWorkerGate(base: store, name: host.name, injection: self) : store
  }

  func cache(_ store: Store) -> any EmbeddingCache {
    switch bug {
    case .cacheWithoutFingerprint: FingerprintIgnoringCache(base: store, injection: self)
    case .cacheNotAsked: AlwaysMissingCache(base: store, injection: self)
    default: store
    }
  }

  func backend(_ index: any IndexBackend, host: WorkerHost) -> any IndexBackend {
    switch bug {
    case .deleteBeforeWrite: DeleteBeforeWriteIndex(base: index, host: host, injection: self)
    case .checkpointBeforeEffect: LateWriteIndex(base: index, host: host, injection: self)
    default: index
    }
  }

  var dropsWakes: Bool {
    guard bug == .lostWakeUp else { return false }
    hit()
    return true
  }

  var splitsSwaps: Bool { bug == .nonAtomicSwap }
}

/// A gate with separate breakers for each worker.
private struct PerWorkerGate: DependencyGate {
  let base: any DependencyGate
  let name: String
  let injection: BugInjection

  private func own(_ call: DependencyCall) -> DependencyCall {
    var call = call
    call.dependency += " of \(name)"
    return call
  }

  func enter(_ call: DependencyCall) async throws -> DependencyPermit {
    injection.hit()
    let permit = try await base.enter(own(call))
    return DependencyPermit(call: call, breaker: permit.breaker, takenAt: permit.takenAt)
  }

  func leave(_ permit: DependencyPermit, _ end: DependencyCallEnd) async {
    let call = own(permit.call)
    await base.leave(
      DependencyPermit(call: call, breaker: permit.breaker, takenAt: permit.takenAt), end)
  }
}

/// A cache that ignores the embedder's fingerprint: all embedders share one key.
private struct FingerprintIgnoringCache: EmbeddingCache {
  let base: any EmbeddingCache
  let injection: BugInjection

  func vectors(embedder: String, texts: [ContentHash]) async throws -> [[Float]?] {
    injection.hit()
    return try await base.vectors(embedder: "any", texts: texts)
  }

  func store(embedder: String, vectors: [(text: ContentHash, vector: [Float])]) async throws {
    try await base.store(embedder: "any", vectors: vectors)
  }
}

/// A cache that stores vectors and never finds one.
private struct AlwaysMissingCache: EmbeddingCache {
  let base: any EmbeddingCache
  let injection: BugInjection

  func vectors(embedder: String, texts: [ContentHash]) async throws -> [[Float]?] {
    injection.hit()
    return texts.map { _ in nil }
  }

  func store(embedder: String, vectors: [(text: ContentHash, vector: [Float])]) async throws {
    try await base.store(embedder: embedder, vectors: vectors)
  }
}

/// An index that removes the old chunks before it writes the new ones.
private struct DeleteBeforeWriteIndex: ForwardingBackend {
  let base: any IndexBackend
  let host: WorkerHost
  let injection: BugInjection

  func write(_ write: DocumentWrite, into generation: GenerationName) async throws -> WriteResult {
    if write.header.revision > 1 {
      injection.hit()
      try await base.requireVerifiable().purge(
        write.header.document, revisions: 1...(write.header.revision - 1), in: generation)
      try await host.clock.sleep(for: .milliseconds(50))
    }
    return try await base.write(write, into: generation)
  }
}

/// An index that reports a write immediately and does it 200 ms later.
private struct LateWriteIndex: ForwardingBackend {
  let base: any IndexBackend
  let host: WorkerHost
  let injection: BugInjection

  func write(_ write: DocumentWrite, into generation: GenerationName) async throws -> WriteResult {
    injection.hit()
    host.world.tasks.append(
      host.process.start { [base, host] in
        try? await host.clock.sleep(for: .milliseconds(200))
        guard host.isOpen else { return }
        _ = try? await base.write(write, into: generation)
      })
    return .applied
  }
}
