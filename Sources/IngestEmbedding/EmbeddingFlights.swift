internal import IngestCore
internal import Synchronization

/// The texts that tasks of this process are requesting now.
final class EmbeddingFlights: Sendable {
  private let flights = Mutex<[ContentHash: Flight]>([:])

  /// Claims the texts that no task is requesting yet. For the others, returns the flights to wait for.
  func claim(_ hashes: [ContentHash]) -> (mine: [ContentHash], others: [Flight]) {
    flights.withLock { flights in
      var mine: [ContentHash] = []
      var others: [Flight] = []
      for hash in hashes {
        if let flight = flights[hash] {
          others.append(flight)
        } else {
          flights[hash] = Flight(hash)
          mine.append(hash)
        }
      }
      return (mine, others)
    }
  }

  /// Gives the outcome of one text to the tasks that wait for it, before the claim ends.
  func settle(_ hash: ContentHash, _ outcome: Flight.Outcome) { flights.withLock { $0[hash] }?.land(outcome) }

  /// Ends the claim. Texts without an outcome fail with the error if it comes from the provider or its gate. Any other
  /// error, such as a cancellation or a lost lease, concerns only the claiming task; the texts are then abandoned, and
  /// the tasks that wait may request them.
  func land(_ hashes: [ContentHash], failing error: (any Error)?) {
    let landed = flights.withLock { flights in hashes.compactMap { flights.removeValue(forKey: $0) } }
    let fromGate = (error as? Failure).flatMap { $0.dependency == nil ? nil : $0 }
    let failure = (error as? EmbeddingError)?.failure ?? fromGate
    for flight in landed {
      if let failure, failure.kind != .cancelled { flight.land(.failed(failure)) } else { flight.land(.abandoned) }
    }
  }
}

/// The request of one text, in progress.
final class Flight: Sendable {
  enum Outcome: Sendable {
    case vector([Float])
    case refused(Failure)
    /// The whole request failed; an immediate retry would fail again.
    case failed(Failure)
    case abandoned
  }

  private struct State {
    var outcome: Outcome?
    var nextTicket = 0
    var waiting: [Int: CheckedContinuation<Outcome, Never>] = [:]
    var cancelled: Set<Int> = []
  }

  let hash: ContentHash
  private let state = Mutex(State())

  init(_ hash: ContentHash) { self.hash = hash }

  /// Sets the outcome and resumes the waiting tasks. Only the first outcome counts.
  func land(_ outcome: Outcome) {
    let waiting = state.withLock { state in
      guard state.outcome == nil else { return [:] as [Int: CheckedContinuation<Outcome, Never>] }
      state.outcome = outcome
      defer { state.waiting = [:] }
      return state.waiting
    }
    // In the order of arrival.
    for (_, waiter) in waiting.sorted(by: { $0.key < $1.key }) { waiter.resume(returning: outcome) }
  }

  /// Waits for the outcome. Returns `abandoned` if the task is cancelled.
  func outcome() async -> Outcome {
    let ticket = state.withLock { state in
      state.nextTicket += 1
      return state.nextTicket
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let known: Outcome? = state.withLock { state in
          if let outcome = state.outcome { return outcome }
          if state.cancelled.contains(ticket) { return .abandoned }
          state.waiting[ticket] = continuation
          return nil
        }
        if let known { continuation.resume(returning: known) }
      }
    } onCancel: {
      let waiter = state.withLock { state in
        state.cancelled.insert(ticket)
        return state.waiting.removeValue(forKey: ticket)
      }
      waiter?.resume(returning: .abandoned)
    }
  }
}
