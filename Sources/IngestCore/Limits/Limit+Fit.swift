extension Limit {
  /// A part of a limit that contradicts another part.
  package struct Misfit: Hashable, Sendable {
    package enum Field: String, Sendable {
      case per, counts, source, index, workflow, provider
    }

    /// The setting to change.
    package var field: Field
    /// The problem, as a clause.
    package var problem: String
    /// The change to make, as the end of a sentence.
    package var hint: String
  }
}

extension Limit.ID {
  private typealias Misfit = Limit.Misfit

  /// The parts that contradict each other; empty for a valid limit.
  package var misfits: [Limit.Misfit] {
    switch kind {
    case .rateLimit: ofSubmits
    case .concurrency:
      unit.isOfCalls
        ? [
          Misfit(
            field: .counts, problem: "a concurrency limit counts what runs, so it cannot count \(unit.rawValue)",
            hint: "leave counts out, or make it a throttle")
        ] : []
    case .throttle: unit.isOfCalls ? ofCalls : []
    }
  }

  private var ofSubmits: [Misfit] {
    if unit != .jobs {
      return [
        Misfit(
          field: .counts, problem: "a rate limit refuses submits, so it cannot count \(unit.rawValue)",
          hint: "leave counts out, or make it a throttle")
      ]
    }
    let said: [(Misfit.Field, Bool)] = [(.per, key == .provider), (.provider, !scope.provider.isEmpty)]
    return said.filter(\.1).map { field, _ in
      Misfit(
        field: field, problem: "a rate limit refuses submits, which call no provider yet",
        hint: "name an index, or make it a throttle")
    }
  }

  private var ofCalls: [Misfit] {
    var found: [Misfit] = []
    if key != .provider {
      found.append(
        Misfit(
          field: .per, problem: "\(unit.rawValue) are counted when a provider is called, not per \(key)",
          hint: "count them per provider, or count jobs or steps"))
    }
    for (field, name) in [
      (Misfit.Field.source, scope.source), (.index, scope.index), (.workflow, scope.workflow),
    ] where !name.isEmpty {
      found.append(
        Misfit(
          field: field,
          problem: "\(unit.rawValue) are counted over all calls to a provider, not for one \(field.rawValue)",
          hint: "leave \(field.rawValue) out, or count jobs or steps"))
    }
    return found
  }
}
