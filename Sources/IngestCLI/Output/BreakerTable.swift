import IngestCore

/// Breakers as people see them.
enum BreakerTable {
  static func of(_ breakers: [BreakerReport], now: Timestamp) -> Table {
    var table = Table([
      .init("BREAKER", yields: 1, minimum: 16), .init("STATE"), .init("SINCE"), .init("NEXT"),
      .init("FAILED", isNumber: true), .init("CAUSE", yields: 2),
    ])
    for breaker in breakers {
      table.add([
        Table.Cell(breaker.breaker), Table.Cell(breaker.word, breaker.state.style),
        Table.Cell(RelativeTime.text(breaker.since, now: now)), Table.Cell(breaker.next(now: now)),
        Table.Cell("\(breaker.failed)/\(breaker.calls)"), Table.Cell(breaker.cause ?? ""),
      ])
    }
    return table
  }
}

extension BreakerReport {
  /// Its state, or that its dependency asked to be left alone.
  var word: String { state == .closed && heldUntil != nil ? "held" : state.rawValue }

  fileprivate func next(now: Timestamp) -> String {
    switch state {
    case .closed: heldUntil.map { RelativeTime.text($0, now: now) } ?? ""
    case .open: nextAt.map { $0 > now ? RelativeTime.text($0, now: now) : "now" } ?? "when reset"
    case .halfOpen: probes == 0 ? "now" : "\(DecimalText.count(probes, "probe")) out"
    }
  }
}

extension BreakerMachine.Phase {
  var style: Style? {
    switch self {
    case .closed: .good
    case .open: .bad
    case .halfOpen: .warning
    }
  }
}
