import IngestCore
import IngestIndex
import IngestIndexSQLite
import Synchronization

/// A back end that acknowledges a write and does it at its next call, so that its caller's checkpoint comes first.
final class LateIndex: ForwardingBackend {
  private let index: SQLiteIndex
  private let pending = Mutex<[(write: DocumentWrite, name: GenerationName)]>([])

  init(_ index: SQLiteIndex) { self.index = index }

  var base: any IndexBackend { index }

  func around<T>(
    _ call: String, in generation: GenerationName, _ body: () async throws -> T
  ) async throws -> T {
    try await settle()
    return try await body()
  }

  private func settle() async throws {
    let pending = pending.withLock { pending in
      defer { pending = [] }
      return pending
    }
    for late in pending { _ = try await base.write(late.write, into: late.name) }
  }

  func write(_ write: DocumentWrite, into generation: GenerationName) async throws -> WriteResult {
    try await settle()
    pending.withLock { $0.append((write, generation)) }
    return .applied
  }
}
