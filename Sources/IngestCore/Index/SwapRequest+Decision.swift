extension SwapRequest {
  /// What speaks against the swap, whatever the generation holds: another one is live than the request knows, or its
  /// generation cannot become live.
  /// - Parameters:
  ///   - live: the number of the live generation.
  ///   - state: of the generation that is to become live.
  package func conflict(live: Int, state: Generation.State) -> Failure? {
    guard live != from || state == .deleted || live == to else { return nil }
    return Failure(
      .permanent, code: "SWAP_CONFLICT",
      "Generation \(live) of '\(index)' is live and generation \(to) is \(state.rawValue).",
      hint: "Look with \(Action(.indexShow, index)), then decide again.", category: .refused)
  }

  /// The answer where retention removed some of what changed since the gate was examined.
  package var isStale: Failure {
    Failure(
      .transient, code: "SWAP_CONFLICT", "The look at generation \(to) of '\(index)' is too old.",
      hint: "Swap again.", category: .later)
  }

  /// What speaks against the swap for what the generation lacks: `SWAP_REFUSED`, `ROLLBACK_BEHIND`.
  /// - Parameters:
  ///   - lacking: documents that it lacks; those that changed since the gate was examined may count twice.
  ///   - gate: as it was examined.
  package func refusal(lacking: Int, gate: SwapGate) -> Failure? {
    guard rollback else {
      return lacking <= acceptMissing ? nil : swapRefused(lacking: lacking, gate: gate)
    }
    guard lacking > 0, !force else { return nil }
    return Failure(
      .permanent, code: "ROLLBACK_BEHIND",
      "Generation \(to) of '\(index)' is \(lacking) changes behind what live holds.",
      hint: "Let the workers drain, or roll back with --force.", category: .refused)
  }

  private func swapRefused(lacking: Int, gate: SwapGate) -> Failure {
    let named = gate.died.prefix(10).map { uri in
      Failure(
        .permanent, code: "DOCUMENT_DIED", "The job of \(uri) died in generation \(to).", category: .refused)
    }
    let died = gate.diedTotal
    // What is on its way comes by itself; what died needs a person.
    return Failure(
      died > 0 ? .permanent : .transient, code: "SWAP_REFUSED",
      "Generation \(to) of '\(index)' lacks \(lacking) \(lacking == 1 ? "document" : "documents") that live holds"
        + (died > 0 ? ", \(died) of them because their jobs died." : "."),
      hint: died > 0
        ? "\(Action(.deadList, with: ["index": index])) names them: redrive, or swap with --accept-missing \(lacking)."
        : "Let the workers drain, then swap again.", category: .refused, reason: .swapLacking, causes: named)
  }
}
