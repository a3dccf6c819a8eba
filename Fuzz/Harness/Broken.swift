/// A promise that a hostile input broke: the input is the finding.
package struct Broken: Error, Hashable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}

/// Ends the run where a promise does not hold.
func require(_ holds: Bool, _ promise: @autoclosure () -> String) throws(Broken) {
  guard holds else { throw Broken(promise()) }
}
