extension String {
  /// Returns at most that many Unicode scalars from the start, for foreign texts that must stay small. `prefix` would
  /// count characters, and one character can have any number of marks.
  package func start(scalars most: Int) -> String { String(String.UnicodeScalarView(unicodeScalars.prefix(most))) }
}
