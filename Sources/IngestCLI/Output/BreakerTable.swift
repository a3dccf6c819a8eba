import IngestCore

/// The table of breakers.
enum BreakerTable {
  static func of(_ breakers: [BreakerReport], now: Timestamp) -> Table {
    var table = Table([
      .init("BREAKER", yields: 1, minimum: 16), .init("STATE"), .init("SINCE"), .init("NEXT"),
      .init("FAILED", isNumber: true),
    ])
    for breaker in breakers {
      table.add([
        Table.Cell(breaker.breaker), Table.Cell(breaker.word, breaker.state.style),
        Table.Cell(RelativeTime.text(breaker.since, now: now)), Table.Cell(breaker.next(now: now)),
        // A breaker that is not closed no longer has these counts; its cause says why it opened.
        Table.Cell(breaker.state == .closed ? "\(breaker.failed)/\(breaker.calls)" : ""),
      ])
    }
    return table
  }
}

extension Console {
  /// Prints the breakers, and below them the cause of each that is not closed.
  func breakers(_ breakers: [BreakerReport], now: Timestamp) throws {
    try table(BreakerTable.of(breakers, now: now))
    for breaker in breakers where breaker.state != .closed {
      try line("\(breaker.breaker.visible): \((breaker.cause ?? "").visible)")
    }
  }
}

extension BreakerReport {
  /// The state; `held` if the breaker is closed but its dependency asked its callers to wait.
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
