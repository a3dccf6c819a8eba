import IngestCore

/// A breaker as an outsider reckons it, from the calls of all workers alone: three failures in a row open it; for at least
/// half of the first wait nothing goes through; then one probe at a time.
struct BreakerFacts {
  static let failures = 3
  static let shortestWait: Int64 = 2_000_000
  static let probeLife: Int64 = 20_000_000
  static let successesToClose = 2

  var inARow = 0
  /// When it opened, by the boot clock; nil while it is closed.
  var openedAt: Int64?
  /// Grows with every opening and closing: an older call says nothing.
  var epoch = 0
  /// Probes that are out, and when they count as lost.
  var out: [DependencyPermit: Int64] = [:]
  var successes = 0
  /// Of calls under way; equal permits are as good as each other.
  var epochs: [DependencyPermit: [Int]] = [:]
}

extension Oracle {
  func `let`(in permit: DependencyPermit, by host: WorkerHost) {
    let name = permit.call.dependency
    var facts = breakers[name] ?? BreakerFacts()
    facts.epochs[permit, default: []].append(facts.epoch)
    if let opened = facts.openedAt {
      let now = machine.uptime
      if now < opened + BreakerFacts.shortestWait {
        broken(
          .limitsHold,
          "\(host.name) was let through to \(name) \((now - opened) / 1000) ms after \(BreakerFacts.failures) failures in a "
            + "row of all workers together.")
      }
      facts.out = facts.out.filter { $0.value > now }
      if facts.out.count >= 1 {
        broken(
          .limitsHold, "\(host.name) was let through to \(name) while another probe of it is out.")
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
    trace.note("breaker", "\(name) has to be open from here on")
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

  /// Somebody closed all of them by hand, or the machine went down: what was counted says nothing any more.
  func forgetBreakers() {
    for (name, facts) in breakers {
      var facts = facts
      facts.openedAt = nil
      turn(&facts)
      breakers[name] = facts
    }
  }
}
