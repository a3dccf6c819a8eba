extension SwapRequest {
  /// Returns a reason against the swap that does not depend on contents: another generation is live than the request
  /// expects, or its generation cannot become live.
  /// - Parameters:
  ///   - live: the number of the live generation.
  ///   - state: the state of the generation that is to become live.
  package func conflict(live: Int, state: Generation.State) -> Failure? {
    guard live != from || state == .deleted || live == to else { return nil }
    return Failure(
      .permanent, code: "SWAP_CONFLICT",
      "Generation \(live) of '\(index)' is live and generation \(to) is \(state.rawValue).",
      hint: "Check with \(Action(.indexShow, index)), then decide again.", category: .refused)
  }

  /// The refusal when retention has removed some of the changes since the gate was checked.
  package var isStale: Failure {
    Failure(
      .transient, code: "SWAP_CONFLICT", "The check of generation \(to) of '\(index)' is too old.",
      hint: "Swap again.", category: .later)
  }

  /// Returns the refusal for missing documents: `SWAP_REFUSED` or `ROLLBACK_BEHIND`.
  /// - Parameters:
  ///   - lacking: the number of missing documents; those that changed since the gate was checked may count twice.
  ///   - gate: the gate as it was checked.
  package func refusal(lacking: Int, gate: SwapGate) -> Failure? {
    guard rollback else {
      return lacking <= acceptMissing ? nil : swapRefused(lacking: lacking, gate: gate)
    }
    guard lacking > 0, !force else { return nil }
    return Failure(
      .permanent, code: "ROLLBACK_BEHIND",
      "Generation \(to) of '\(index)' is \(lacking) changes behind the live generation.",
      hint: "Let the workers drain, or roll back with \(option: "force").", category: .refused)
  }

  private func swapRefused(lacking: Int, gate: SwapGate) -> Failure {
    let named = gate.died.prefix(10).map { uri in
      Failure(
        .permanent, code: "DOCUMENT_DIED", "The job of \(uri) in generation \(to) is a dead letter.",
        category: .refused)
    }
    let died = gate.diedTotal
    // Documents that are under way will arrive by themselves; dead letters need a person.
    return Failure(
      died > 0 ? .permanent : .transient, code: "SWAP_REFUSED",
      "Generation \(to) of '\(index)' lacks \(lacking) \(lacking == 1 ? "document" : "documents") that the live"
        + " generation holds\(died > 0 ? ", \(died) of them because their jobs are dead letters" : "").",
      hint: died > 0
        ? "\(Action(.deadList, with: ["index": index])) lists them: redrive, or swap with "
          + "\(option: "accept-missing", "\(lacking)")."
        : "Let the workers drain, then swap again.", category: .refused, reason: .swapLacking, causes: named)
  }
}
