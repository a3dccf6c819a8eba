import IngestCore

/// A breaker as an outsider computes it from the calls of all workers. Three failures in a row open it. No call may
/// pass for at least half of the first wait; then one probe at a time may.
struct BreakerFacts {
  static let failures = 3
  static let shortestWait: Int64 = 2_000_000
  static let probeLife: Int64 = 20_000_000
  static let successesToClose = 2

  var inARow = 0
  /// When it opened, by the boot clock; nil while it is closed.
  var openedAt: Int64?
  /// Grows with every opening and closing. The result of a call from an earlier epoch is ignored.
  var epoch = 0
  /// Probes under way, with the time at which each counts as lost.
  var out: [DependencyPermit: Int64] = [:]
  var successes = 0
  /// Epochs in which the calls under way began, by permit. Equal permits are interchangeable.
  var epochs: [DependencyPermit: [Int]] = [:]
}

extension Oracle {
  func admitted(_ permit: DependencyPermit, by host: WorkerHost) {
    let name = permit.call.dependency
    var facts = breakers[name] ?? BreakerFacts()
    facts.epochs[permit, default: []].append(facts.epoch)
    if let opened = facts.openedAt {
      let now = machine.uptime
      if now < opened + BreakerFacts.shortestWait {
        broken(
          .limitsHold,
          "\(host.name) was allowed to call \(name) \((now - opened) / 1000) ms after "
            + "\(BreakerFacts.failures) failures in a row, counted over all workers.")
      }
      facts.out = facts.out.filter { $0.value > now }
      if facts.out.count >= 1 {
        broken(
          .limitsHold, "\(host.name) was allowed to call \(name) while another probe is under way.")
      }
      facts.out[permit] = now + BreakerFacts.probeLife
    }
    breakers[name] = facts
  }

  func left(_ permit: DependencyPermit, _ end: DependencyCallEnd, by host: WorkerHost) {
    let name = permit.call.dependency
    guard var facts = breakers[name], let epoch = facts.epochs[permit]?.popLast() else { return }
    defer { breakers[name] = facts }
    guard epoch == facts.epoch else { return }
    if facts.openedAt != nil {
      guard let life = facts.out.removeValue(forKey: permit), life > machine.uptime else { return }
      switch end.outcome {
      case .failed: open(&facts, name)
      case .answered:
        facts.successes += 1
        if facts.successes >= BreakerFacts.successesToClose { close(&facts, name) }
      case .silent: break
      }
      return
    }
    switch end.outcome {
    case .failed:
      facts.inARow += 1
      if facts.inARow >= BreakerFacts.failures { open(&facts, name) }
    case .answered: facts.inARow = 0
    case .silent: break
    }
  }

  private func open(_ facts: inout BreakerFacts, _ name: String) {
    trace.note("breaker", "\(name) must be open from now on")
    facts.openedAt = machine.uptime
    turn(&facts)
  }

  private func close(_ facts: inout BreakerFacts, _ name: String) {
    trace.note("breaker", "\(name) may be closed again")
    facts.openedAt = nil
    turn(&facts)
  }

  private func turn(_ facts: inout BreakerFacts) {
    facts.epoch += 1
    facts.inARow = 0
    facts.successes = 0
    facts.out = [:]
  }

  /// Forgets all counts, because an operator closed all breakers by hand or the machine went down.
  func forgetBreakers() {
    for (name, facts) in breakers {
      var facts = facts
      facts.openedAt = nil
      turn(&facts)
      breakers[name] = facts
    }
  }
}
