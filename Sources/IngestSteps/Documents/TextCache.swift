import IngestCore
import IngestDocuments
private import Synchronization

/// A cache of the texts and chunks of documents in progress, so that a step need not read what the previous step had in
/// memory. Everything in the cache is also in the blob store.
final class TextCache: Sendable {
  /// One document's text, and its chunks if they exist already.
  struct Entry: Sendable {
    var text: DocumentText
    var chunks: [Chunk]?
  }

  private struct State {
    var entries: [JobID: Entry] = [:]
    var order: [JobID] = []
    var scalars = 0
  }

  /// The most Unicode scalars of text in the cache. The newest document stays in any case.
  private static let limit = 8_000_000

  private let state = Mutex(State())

  subscript(_ job: JobID) -> Entry? { state.withLock { $0.entries[job] } }

  func keep(_ entry: Entry, for job: JobID) {
    state.withLock { state in
      Self.remove(job, from: &state)
      state.entries[job] = entry
      state.order.append(job)
      state.scalars += entry.text.scalarCount
      while state.scalars > Self.limit, state.order.count > 1, let oldest = state.order.first {
        Self.remove(oldest, from: &state)
      }
    }
  }

  func forget(_ job: JobID) {
    state.withLock { Self.remove(job, from: &$0) }
  }

  private static func remove(_ job: JobID, from state: inout State) {
    guard let old = state.entries.removeValue(forKey: job) else { return }
    state.scalars -= old.text.scalarCount
    state.order.removeAll { $0 == job }
  }
}
