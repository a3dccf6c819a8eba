internal import IngestIndex
internal import IngestSQL
internal import Synchronization

/// A queue that combines changes that arrive at the same time into one body of one transaction.
///
/// ``Database`` already groups commits. But it puts a savepoint around every body, and at each savepoint FTS5 writes
/// its collected text as a segment that must be merged later. One body for all changes costs half as much per chunk,
/// and all vectors share one sync. While a batch commits, the next one collects. The first caller leads a batch, so no
/// extra task is needed.
final class ChangeQueue: Sendable {
  /// Maximum weight of a batch; see ``IndexChange/weight``.
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
    /// Changes in the order of their arrival.
    var waiting: [Waiting] = []
  }

  private let database: Database
  private let vectors: VectorFiles
  private let state = Mutex(State())

  init(database: Database, vectors: VectorFiles) {
    self.database = database
    self.vectors = vectors
  }

  /// Applies the change durably. It ignores cancellation: a started change is finished, which takes milliseconds.
  /// - Returns: the outcome, and whether a compaction is due. Only one caller of a batch gets true.
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

  /// A refused change does not affect the others, since it is refused before it writes. If the database fails the whole
  /// batch, each change runs alone, because one of them may be the cause.
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
