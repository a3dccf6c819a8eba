/// A broken promise. The input that broke it is the finding.
package struct Broken: Error, Hashable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}

/// Ends the run if a promise does not hold.
func require(_ holds: Bool, _ promise: @autoclosure () -> String) throws(Broken) {
  guard holds else { throw Broken(promise()) }
}
