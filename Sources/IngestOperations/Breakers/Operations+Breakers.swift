package import IngestCore

/// How long a breaker stays open.
package enum BreakerOpening: Hashable, Sendable {
  /// After this time, probes decide.
  case lasting(Duration)
  case untilReset

  /// - Throws: `BREAKER_TIME_ZERO`.
  package init(for duration: Duration?) throws(Failure) {
    guard duration != .zero else {
      throw Failure(
        .permanent, code: "BREAKER_TIME_ZERO", "A breaker cannot be opened for a duration of zero.",
        hint: "Give \(option: "for") a time such as 10m, or leave it out to open the breaker until it is reset.",
        category: .invalid)
    }
    self = duration.map { .lasting($0) } ?? .untilReset
  }
}

/// The breakers that are reset.
package enum BreakerSelection: Hashable, Sendable {
  /// All that hold calls back.
  case all
  case named([String])

  /// - Throws: `BREAKER_SELECTION` unless exactly one of the two is given.
  package init(_ names: [String], isAll: Bool) throws(Failure) {
    try TargetChoice.breakers.require(isNamed: !names.isEmpty, isChosen: isAll)
    self = isAll ? .all : .named(names)
  }
}

extension Operations {
  /// Returns all breakers, sorted by name.
  package func listBreakers() async throws -> [BreakerReport] { try await breakers.breakers() }

  /// Returns the transitions of breakers, newest first.
  /// - Throws: `BREAKER_NOT_FOUND`.
  package func breakerHistory(_ filter: BreakerHistoryFilter) async throws -> [BreakerEvent] {
    try await breakers.breakerHistory(filter)
  }

  /// Opens a breaker: no worker calls the dependency until it closes.
  /// - Throws: `BREAKER_NOT_FOUND`.
  package func openBreaker(_ name: String, for opening: BreakerOpening) async throws -> BreakerReport {
    let duration: Duration? =
      switch opening {
      case .lasting(let duration): duration
      case .untilReset: nil
      }
    return try await breakers.openBreaker(name, for: duration, actor: actorText)
  }

  /// Closes breakers and clears their counts.
  /// - Returns: the breakers that were reset.
  /// - Throws: `BREAKER_NOT_FOUND` before any breaker is reset.
  package func resetBreakers(_ selection: BreakerSelection) async throws -> [BreakerReport] {
    let names: [String]? =
      switch selection {
      case .all: nil
      case .named(let names): names
      }
    return try await breakers.resetBreakers(names, actor: actorText)
  }
}
