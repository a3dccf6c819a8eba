package import IngestCore
package import IngestSQL

/// The engine's memory: one database that every process of a data folder shares. It conforms to Core's store protocols,
/// each in a file of its own, and keeps to one rule: one method is one state transition is one transaction.
package final class Store: Sendable {
  let database: Database
  /// Its ``LeaseClock`` is that of the leases.
  let clock: any TimeSource
  let identifiers: IdentifierGenerator
  let flow = FlowCache()
  let breakers: BreakerPolicy
  let random: any RandomSource
  let searchBounds: JobSearch.Bounds

  /// - Parameters:
  ///   - database: opened with ``migrations``, ``onCommit(wake:)`` as its hook.
  ///   - leases: the clock that leases, throttles and breakers are kept by; the boot clock of `clock` by default.
  ///   - breakers: when the breakers of dependencies open and close.
  ///   - searchFew: how many jobs a search fetches and sorts rather than walking to them.
  ///   - searchWindow: over how many keys one read of a search walks.
  package init(
    database: Database, clock: any TimeSource, leases: (any LeaseClock)? = nil, identifiers: IdentifierGenerator,
    breakers: BreakerPolicy = .standard, random: any RandomSource = SystemRandom(), searchFew: Int = 10_000,
    searchWindow: Int64 = 200_000
  ) {
    self.database = database
    self.clock = leases.map { StoreClock(wall: clock, leases: $0) as any TimeSource } ?? clock
    self.identifiers = identifiers
    self.breakers = breakers
    self.random = random
    searchBounds = JobSearch.Bounds(few: searchFew, window: searchWindow)
  }

  /// Runs a transition in the writer's next group commit; durable when it returns. The body may run more than once.
  func write<T: Sendable>(_ body: @escaping @Sendable (WriteTransaction) throws -> T) async throws -> T {
    do {
      return try await database.write { [clock, identifiers, flow, breakers] connection in
        try body(
          WriteTransaction(
            db: connection, now: clock.now, uptime: clock.uptime, bootID: clock.bootID, identifiers: identifiers,
            flow: flow, breakers: breakers))
      }
    } catch let error as SQLError {
      throw Failure(error)
    }
  }

  /// Runs a body in one read transaction.
  func read<T: Sendable>(_ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
    do {
      return try await database.read(body)
    } catch let error as SQLError {
      throw Failure(error)
    }
  }
}

/// What a commit can tell the outside, OR-ed over its members.
package enum CommitFlag {
  /// Some job can start now, or somebody asked a running one to stop: wake the workers.
  package static let wake: UInt64 = 1
}

/// A wall clock, and a clock of leases that is another machine's.
private struct StoreClock: TimeSource {
  let wall: any TimeSource
  let leases: any LeaseClock

  var now: Timestamp { wall.now }
  var uptime: Int64 { leases.uptime }
  var bootID: String { leases.bootID }

  func sleep(for duration: Duration) async throws { try await wall.sleep(for: duration) }
}
