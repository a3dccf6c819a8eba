internal import IngestIndex
internal import IngestSQL
internal import Synchronization

/// Gathers the changes that callers bring at the same time into one body of one transaction.
///
/// ``Database`` groups commits already. It puts a savepoint around every body, though, and at each savepoint FTS5 writes
/// out what it has gathered, as a segment that must be merged later: one body for all costs half as much a chunk, and all
/// vectors share one sync. While a batch commits, the next one gathers; whoever comes first leads it, so that no task of
/// our own is needed.
final class ChangeQueue: Sendable {
  /// The weight of a batch; see ``IndexChange/weight``.
  static let limit = 192

  private enum Role: Sendable {
    case lead
    case follow(Result<IndexChange.Outcome, any Error>)
  }

  private struct Waiting: Sendable {
    var change: IndexChange
    var continuation: CheckedContinuation<Role, Never>
  }

  private struct State {
    var isLed = false
    /// In the order of arrival, from `next` on.
    var waiting: [Waiting] = []
  }

  private let database: Database
  private let vectors: VectorFiles
  private let state = Mutex(State())

  init(database: Database, vectors: VectorFiles) {
    self.database = database
    self.vectors = vectors
  }

  /// Applies the change durably. Cancellation is not looked at: what was begun is finished, and takes milliseconds.
  /// - Returns: what became of it, and whether a compaction is due, told to one caller of a batch.
  func apply(_ change: IndexChange) async throws -> (outcome: IndexChange.Outcome, compacts: Bool) {
    let role = await withCheckedContinuation { continuation in
      let leads = state.withLock { state in
        guard state.isLed else {
          state.isLed = true
          return true
        }
        state.waiting.append(Waiting(change: change, continuation: continuation))
        return false
      }
      if leads { continuation.resume(returning: .lead) }
    }
    switch role {
    case .follow(let result): return (try result.get(), false)
    case .lead: return try await lead(change)
    }
  }

  private func lead(_ change: IndexChange) async throws -> (outcome: IndexChange.Outcome, compacts: Bool) {
    let others = takeOthers(beside: change)
    let (results, compacts) = await run([change] + others.map(\.change))
    handOver()
    for (other, result) in zip(others, results.dropFirst()) {
      other.continuation.resume(returning: .follow(result))
    }
    return (try results[0].get(), compacts)
  }

  private func takeOthers(beside change: IndexChange) -> [Waiting] {
    state.withLock { state in
      var weight = change.weight
      let count =
        state.waiting.prefix { waiting in
          weight += waiting.change.weight
          return weight <= Self.limit
        }.count
      let taken = Array(state.waiting.prefix(count))
      state.waiting.removeFirst(count)
      return taken
    }
  }

  private func handOver() {
    let next = state.withLock { state -> Waiting? in
      guard !state.waiting.isEmpty else {
        state.isLed = false
        return nil
      }
      return state.waiting.removeFirst()
    }
    next?.continuation.resume(returning: .lead)
  }

  /// A change that is refused costs the others nothing, since it is refused before it writes. Where the database itself
  /// fails the batch, each runs by itself: one of them may be the reason.
  private func run(_ changes: [IndexChange]) async -> (
    results: [Result<IndexChange.Outcome, any Error>], compacts: Bool
  ) {
    do {
      let (results, compacts) = try await transaction(changes)
      return (results.map { $0.mapError { $0 as any Error } }, compacts)
    } catch {
      guard changes.count > 1 else { return ([.failure(error)], false) }
      var results: [Result<IndexChange.Outcome, any Error>] = []
      for change in changes { results += await run([change]).results }
      return (results, false)
    }
  }

  private func transaction(
    _ changes: [IndexChange]
  ) async throws -> ([Result<IndexChange.Outcome, IndexError>], compacts: Bool) {
    try await database.write { [vectors] connection in
      var transaction = IndexTransaction(connection, vectors: vectors)
      var results: [Result<IndexChange.Outcome, IndexError>] = []
      for change in changes {
        do {
          results.append(.success(try transaction.apply(change)))
        } catch let error as IndexError {
          results.append(.failure(error))
        }
      }
      return (results, compacts: try transaction.finish())
    }
  }
}
