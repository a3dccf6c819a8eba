/// What is stored of one limit: the limit itself, or that a configured one does not hold.
package enum LimitEntry: Hashable, Sendable {
  case limit(Limit)
  /// Set live: no such limit, whatever the configuration says.
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

  /// Nil for one that is lifted.
  package var limit: Limit? {
    switch self {
    case .limit(let limit): limit
    case .lift: nil
    }
  }
}

extension [LimitEntry] {
  /// Those that hold, lifts included: a live entry hides the configured one of the same identity.
  package var inForce: [LimitEntry] {
    let live = Set(filter { $0.origin == .live }.map(\.id))
    return filter { $0.origin == .live || !live.contains($0.id) }
  }
}

/// A change to one limit while workers run.
package enum LimitChange: Hashable, Sendable {
  /// In place of the one of the same identity.
  case set(Limit)
  /// No such limit, whatever the configuration says.
  case lift(Limit.ID)
  /// What the configuration says.
  case reset(Limit.ID)

  package var id: Limit.ID {
    switch self {
    case .set(let limit): limit.id
    case .lift(let id), .reset(let id): id
    }
  }
}
