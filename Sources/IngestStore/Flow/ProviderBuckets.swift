import IngestCore
import IngestSQL

/// One limit on the calls to a provider.
struct CallLimit {
  var spec: RateSpec
  var unit: Limit.Unit
  /// The provider whose bucket it is.
  var value: String
  var gate: String

  /// Nil for a limit that does not apply. A call knows only its provider, so limits by source, index or workflow do not
  /// apply to it.
  init?(_ limit: Limit, provider: String) {
    let scope = limit.scope
    guard case .throttle(let spec) = limit.amount, limit.key == .provider, scope.source.isEmpty,
      scope.index.isEmpty, scope.workflow.isEmpty, scope.provider.isEmpty || scope.provider == provider
    else { return nil }
    self.spec = spec
    unit = limit.unit
    value = provider
    gate = limit.id.gate(provider)
  }
}

/// The buckets of one provider in one transaction. A call takes from all of them or from none.
struct ProviderBuckets {
  /// A bucket's state and the boot whose clock it counts by.
  private struct Stored: Codable {
    var boot: String
    var bucket: TokenBucket.State
  }

  enum Verdict {
    case granted
    case wait(Duration, CallLimit)
    case tooLarge(most: Int, CallLimit)
  }

  private let transaction: WriteTransaction
  private let limits: [CallLimit]

  init(_ transaction: WriteTransaction, provider: String) throws {
    self.transaction = transaction
    limits = try transaction.rules().calls.compactMap { CallLimit($0, provider: provider) }
  }

  func take(_ call: DependencyCall) throws -> Verdict {
    guard !limits.isEmpty else { return .granted }
    let buckets = try limits.map { (bucket: try bucket(of: $0), count: count($0, call)) }
    switch TokenBucket.take(buckets, at: transaction.uptime) {
    case .granted(let states):
      for (limit, state) in zip(limits, states) { try store(state, of: limit) }
      return .granted
    case .wait(let wait, let place): return .wait(wait, limits[place])
    case .tooLarge(let most, let place): return .tooLarge(most: most, limits[place])
    }
  }

  /// Charges what a call used beyond its estimate, gives back what was never sent, and learns what the provider
  /// reported.
  func settle(_ permit: DependencyPermit, _ end: DependencyCallEnd) throws {
    for limit in limits {
      var bucket = try bucket(of: limit)
      let before = bucket.state
      let isTokens = limit.unit == .tokens
      if isTokens, !end.left || end.tokens != nil {
        bucket.state = bucket.settled(
          estimated: permit.call.tokens, actual: end.tokens ?? 0, left: end.left, takenAt: permit.takenAt,
          at: transaction.uptime)
      }
      if let said = isTokens ? end.advice.tokens : end.advice.requests { bucket.learn(said, at: transaction.uptime) }
      if bucket.state != before { try store(bucket.state, of: limit) }
    }
  }

  private func count(_ limit: CallLimit, _ call: DependencyCall) -> Int {
    limit.unit == .tokens ? call.tokens : call.requests
  }

  private func bucket(of limit: CallLimit) throws -> TokenBucket {
    let text = try transaction.db.first("SELECT state FROM gates WHERE name = \(limit.gate)") { $0.optionalText(0) }
    guard let text = text.flatMap(\.self) else { return TokenBucket(limit.spec) }
    let stored = try JSONText.decode(Stored.self, text)
    let isOurs = stored.boot == transaction.bootID
    var bucket = TokenBucket(limit.spec, state: isOurs ? stored.bucket : stored.bucket.resumed(at: transaction.uptime))
    let rebased = bucket.rebased(at: transaction.uptime)
    bucket.state = rebased ?? bucket.state
    // Stored even if nothing is taken: otherwise the remaining wait would start again at each try.
    if !isOurs || rebased != nil { try store(bucket.state, of: limit) }
    return bucket
  }

  private func store(_ state: TokenBucket.State, of limit: CallLimit) throws {
    let text = try JSONText.encode(Stored(boot: transaction.bootID, bucket: state))
    _ = try transaction.db.run(
      """
      INSERT INTO gates (name, kind, state, changed_at)
      VALUES (\(limit.gate), 'throttle', \(text), \(transaction.now.rawValue))
      ON CONFLICT (name) DO UPDATE SET state = excluded.state, changed_at = excluded.changed_at
      """)
  }
}

extension TokenBucket {
  /// Learns what a provider reported about its own limit, for as long as the report is valid.
  fileprivate mutating func learn(_ said: ProviderAdvice.Allowance, at uptime: Int64) {
    // Providers report an amount per minute and not when it changes. It holds until their next answer; without one, for
    // 60 s or until the reported reset, whichever is later.
    let period = Duration.seconds(60)
    if let limit = said.limit, limit > 0 {
      let mine = Int(clamping: Int128(limit) * Int128(spec.period.microseconds) / Int128(period.microseconds))
      state = lowered(
        to: max(1, mine), until: uptime + max(said.reset ?? .zero, period).microseconds, at: uptime)
    }
    if let left = said.remaining { state = leaving(left, at: uptime) }
  }
}
