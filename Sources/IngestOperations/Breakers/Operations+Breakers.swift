package import IngestCore

/// For how long a breaker is to be open.
package enum BreakerOpening: Hashable, Sendable {
  /// Then probes decide.
  case lasting(Duration)
  case untilReset

  /// - Throws: `BREAKER_TIME_ZERO`.
  package init(for duration: Duration?) throws(Failure) {
    guard duration != .zero else {
      throw Failure(
        .permanent, code: "BREAKER_TIME_ZERO", "A breaker that is open for no time keeps nobody away.",
        hint: "Give \(option: "for") a time such as 10m, or leave it out to open the breaker until it is reset.",
        category: .invalid)
    }
    self = duration.map { .lasting($0) } ?? .untilReset
  }
}

/// Which breakers are reset.
package enum BreakerSelection: Hashable, Sendable {
  /// All that keep calls back.
  case all
  case named([String])

  /// - Throws: `BREAKER_SELECTION` unless exactly one of the two is given.
  package init(_ names: [String], isAll: Bool) throws(Failure) {
    try TargetChoice.breakers.require(isNamed: !names.isEmpty, isChosen: isAll)
    self = isAll ? .all : .named(names)
  }
}

extension Operations {
  /// All breakers, by name.
  package func listBreakers() async throws -> [BreakerReport] { try await breakers.breakers() }

  /// When breakers opened and closed, newest first.
  /// - Throws: `BREAKER_NOT_FOUND`.
  package func breakerHistory(_ filter: BreakerHistoryFilter) async throws -> [BreakerEvent] {
    try await breakers.breakerHistory(filter)
  }

  /// Keeps all workers from calling a dependency.
  /// - Throws: `BREAKER_NOT_FOUND`.
  package func openBreaker(_ name: String, for opening: BreakerOpening) async throws -> BreakerReport {
    let duration: Duration? =
      switch opening {
      case .lasting(let duration): duration
      case .untilReset: nil
      }
    return try await breakers.openBreaker(name, for: duration, actor: actorText)
  }

  /// Closes breakers and forgets what they counted.
  /// - Returns: those that were reset.
  /// - Throws: `BREAKER_NOT_FOUND`; then none is reset.
  package func resetBreakers(_ selection: BreakerSelection) async throws -> [BreakerReport] {
    let names: [String]? =
      switch selection {
      case .all: nil
      case .named(let names): names
      }
    return try await breakers.resetBreakers(names, actor: actorText)
  }
}
