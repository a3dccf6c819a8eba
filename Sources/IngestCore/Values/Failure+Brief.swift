extension Failure {
  /// One line for lists and logs: `message (CODE)`, with control characters made visible.
  package var brief: String { "\(message.visible) (\(code))" }
}
