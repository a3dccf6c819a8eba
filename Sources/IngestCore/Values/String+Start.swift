extension String {
  /// The first Unicode scalars, at most so many: for texts of strangers that must stay small. `prefix` counts characters, of which
  /// one can have any number of marks.
  package func start(scalars most: Int) -> String { String(String.UnicodeScalarView(unicodeScalars.prefix(most))) }
}
