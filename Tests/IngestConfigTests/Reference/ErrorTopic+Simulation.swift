extension ErrorTopic {
  static let simulation = ErrorTopic(
    "Only inside a simulation (`ingestd chaos`)",
    [
      ErrorEntry(
        "NO_EMBEDDER",
        "A simulated reader asked for an embedder; simulated searches use words only.",
        "This is a bug in the simulation. Report it."),
      ErrorEntry(
        "SIMULATED_FAILURE",
        "The simulation made a call fail on purpose.",
        "Nothing."),
      ErrorEntry(
        "SIMULATED_THROTTLE",
        "The simulation throttled a call on purpose.",
        "Nothing."),
    ])
}
