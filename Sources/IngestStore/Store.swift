package import IngestCore
package import IngestSQL

/// The engine's state: one database that all processes of a data folder share. It conforms to Core's store protocols,
/// each in a file of its own. One rule holds throughout: each method is one state transition, in one transaction.
package final class Store: Sendable {
  let database: Database
  /// The store's clock. Leases count by its ``LeaseClock``.
  let clock: any TimeSource
  let identifiers: IdentifierGenerator
  let flow = FlowCache()
  let breakers: BreakerPolicy
  let random: any RandomSource
  let searchBounds: JobSearch.Bounds

  /// - Parameters:
  ///   - database: opened with ``migrations``, and with ``onCommit(wake:)`` as its hook.
  ///   - leases: the clock of leases, throttles and breakers; the boot clock of `clock` by default.
  ///   - breakers: when the breakers of dependencies open and close.
  ///   - searchFew: the largest number of candidates that a search reads and sorts; with more, it scans keys in order.
  ///   - searchWindow: how many keys one read of a search scans at most.
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

  /// Runs a transition in the writer's next group commit. It is durable when this returns. The body may run more than
  /// once.
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

/// The flags that a commit passes to its hook, OR-ed over the members of its group.
package enum CommitFlag {
  /// A job can start now, or someone asked a running job to stop: wake up the workers.
  package static let wake: UInt64 = 1
}

/// A wall clock combined with the lease clock of another machine.
private struct StoreClock: TimeSource {
  let wall: any TimeSource
  let leases: any LeaseClock

  var now: Timestamp { wall.now }
  var uptime: Int64 { leases.uptime }
  var bootID: String { leases.bootID }

  func sleep(for duration: Duration) async throws { try await wall.sleep(for: duration) }
}
