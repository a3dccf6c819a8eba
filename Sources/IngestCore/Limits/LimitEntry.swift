/// The stored entry for one limit: the limit itself, or the lift of a configured one.
package enum LimitEntry: Hashable, Sendable {
  case limit(Limit)
  /// Set live: there is no such limit, regardless of the configuration.
  case lift(Limit.ID)

  package var id: Limit.ID {
    switch self {
    case .limit(let limit): limit.id
    case .lift(let id): id
    }
  }

  package var origin: Origin {
    switch self {
    case .limit(let limit): limit.origin
    case .lift: .live
    }
  }

  /// Nil for a lift.
  package var limit: Limit? {
    switch self {
    case .limit(let limit): limit
    case .lift: nil
    }
  }
}

extension [LimitEntry] {
  /// The entries in force, including lifts: a live entry hides the configured one of the same identity.
  package var inForce: [LimitEntry] {
    let live = Set(filter { $0.origin == .live }.map(\.id))
    return filter { $0.origin == .live || !live.contains($0.id) }
  }
}

/// A change to one limit while workers run.
package enum LimitChange: Hashable, Sendable {
  /// Replaces the limit of the same identity.
  case set(Limit)
  /// Removes the limit, regardless of the configuration.
  case lift(Limit.ID)
  /// Returns to the configuration.
  case reset(Limit.ID)

  package var id: Limit.ID {
    switch self {
    case .set(let limit): limit.id
    case .lift(let id), .reset(let id): id
    }
  }
}
