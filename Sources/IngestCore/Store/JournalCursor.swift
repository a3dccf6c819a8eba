/// A place in the journal: every transition that had committed when it was taken lies before it, every later one behind.
///
/// Opaque: only the store that gave it can read it. Two of them cannot be compared, and there is no arithmetic on them, since
/// a database with concurrent writers commits its lines in another order than it numbers them.
package struct JournalCursor: Hashable, Sendable {
  package let rawValue: String

  package init(rawValue: String) {
    self.rawValue = rawValue
  }
}
