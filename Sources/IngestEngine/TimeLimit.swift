import IngestCore

/// Bounds how long an operation may take, on the injected clock.
struct TimeLimit: Sendable {
  private let clock: any TimeSource

  init(_ clock: any TimeSource) {
    self.clock = clock
  }

  /// - Returns: nil when `limit` passed first; the operation was then cancelled and has ended.
  func run<T: Sendable>(
    for limit: Duration, _ operation: @escaping @Sendable () async throws -> T
  ) async throws -> T? {
    try await withThrowingTaskGroup(of: T?.self) { group in
      group.addTask { try await operation() }
      group.addTask { [clock] in
        try await clock.sleep(for: limit)
        return nil
      }
      defer { group.cancelAll() }
      return try await group.next() ?? nil
    }
  }
}
