import IngestCore
import IngestSQL
import IngestStore
import IngestTestKit

/// Several processes that call one dependency, each with its own connection.
struct DependencyFixture {
  static let name = "embed:openai:m@host"
  let base: StoreFixture
  let clock: ManualClock
  let stores: [Store]

  init(
    _ kind: StoreKind, stores count: Int = 2, clock: ManualClock = ManualClock(), _ policy: BreakerPolicy? = nil
  ) async throws {
    let base = try await StoreFixture(kind, clock: clock)
    self.base = base
    self.clock = clock
    let policy = try policy ?? Self.policy()
    stores = try (0..<count).map { _ in try Self.store(base.folder.path, clock, policy) }
  }

  static func policy(inARow: Int = 3, probes: Int = 1, successes: Int = 1) throws -> BreakerPolicy {
    try BreakerPolicy(
      window: .seconds(60), consecutiveFailures: inARow, firstWait: .seconds(8), factor: 2, longestWait: .seconds(60),
      probes: probes, successesToClose: successes, probeLife: .seconds(30))
  }

  static func store(_ folder: String, _ clock: ManualClock, _ policy: BreakerPolicy) throws -> Store {
    let database = try Database(
      path: folder + "/ingestd.db", options: DatabaseOptions(mode: .existing, migrations: Store.migrations))
    return Store(
      database: database, clock: clock, identifiers: IdentifierGenerator(clock: clock, random: SystemRandom()),
      breakers: policy, random: FixedRandom())
  }

  var store: Store { stores[0] }

  static func call(tokens: Int = 0, provider: String = "mine") -> DependencyCall {
    DependencyCall(dependency: name, provider: provider, tokens: tokens)
  }

  func limit(_ unit: Limit.Unit, _ spec: String?, provider: String = "", origin: Origin = .live)
    async throws
  {
    let id = Limit.ID(.throttle, per: .provider, counting: unit, scope: .init(provider: provider))
    let limit = try spec.map {
      try Limit(.init(.throttle, $0), per: id.key, counting: unit, scope: id.scope, origin: origin)
    }
    if origin == .configuration {
      _ = try await store.configure(
        ConfiguredFlow(limits: [limit].compactMap(\.self), sources: [], fingerprint: "\(spec ?? "")"), actor: "test")
    } else {
      try await store.setLimits([limit.map { .set($0) } ?? .lift(id)], actor: "test")
    }
  }

  /// Makes one call that fails with this code.
  func fails(_ store: Store? = nil, _ code: String = "HTTP_503") async throws {
    let permit = try await (store ?? self.store).enter(Self.call())
    await (store ?? self.store).leave(permit, DependencyCallEnd(outcome: .failed(code: code)))
  }

  func succeeds(_ store: Store? = nil) async throws {
    let permit = try await (store ?? self.store).enter(Self.call())
    await (store ?? self.store).leave(permit, DependencyCallEnd(outcome: .answered))
  }

  func open() async throws {
    for _ in 0..<3 { try await fails() }
  }

  /// Returns why a call is refused; nil if it is let through.
  func refusal(_ call: DependencyCall = call(), by store: Store? = nil) async -> Failure? {
    do {
      _ = try await (store ?? self.store).enter(call)
      return nil
    } catch {
      return Failure(error)
    }
  }
}

/// Always the longest jitter, so that waits are known in advance.
struct FixedRandom: RandomSource {
  func next() -> UInt64 { .max }
}
