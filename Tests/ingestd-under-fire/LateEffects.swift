import Synchronization

/// Effects that were reported as done but happen later: ``InjectedBug/checkpointBeforeEffect``.
final class LateEffects: Sendable {
  private let waiting = Mutex<[@Sendable () async throws -> Void]>([])

  func add(_ effect: @escaping @Sendable () async throws -> Void) { waiting.withLock { $0.append(effect) } }

  func run() async throws {
    let due = waiting.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
    for effect in due { try await effect() }
  }
}
