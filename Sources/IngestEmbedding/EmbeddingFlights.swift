internal import IngestCore
internal import Synchronization

/// The texts that tasks of this process are asking for at this moment.
final class EmbeddingFlights: Sendable {
  private let flights = Mutex<[ContentHash: Flight]>([:])

  /// Takes the texts that nobody asks for; the others come with whom to wait for.
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

  /// Tells those who wait as soon as it is known.
  func settle(_ hash: ContentHash, _ outcome: Flight.Outcome) { flights.withLock { $0[hash] }?.land(outcome) }

  /// Ends the claim. What has no outcome yet fails with the provider's or its gate's error; any other error, a cancellation or a lost
  /// lease, is the claimer's own, and the text is abandoned to whoever waits.
  func land(_ hashes: [ContentHash], failing error: (any Error)?) {
    let landed = flights.withLock { flights in hashes.compactMap { flights.removeValue(forKey: $0) } }
    let told = (error as? Failure).flatMap { $0.dependency == nil ? nil : $0 }
    let failure = (error as? EmbeddingError)?.failure ?? told
    for flight in landed {
      if let failure, failure.kind != .cancelled { flight.land(.failed(failure)) } else { flight.land(.abandoned) }
    }
  }
}

/// One text under way.
final class Flight: Sendable {
  enum Outcome: Sendable {
    case vector([Float])
    case refused(Failure)
    /// The whole request failed; asked again at once it would fail again.
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

  /// The first outcome counts.
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

  /// Waits for the outcome; a cancelled task gets `abandoned`.
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
