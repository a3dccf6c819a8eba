/// A position in the journal. Every transition that had committed when the cursor was taken is before it, every later
/// one after it.
///
/// Opaque: only the store that made it can read it. Cursors cannot be compared or calculated with, because a database
/// with concurrent writers commits its lines in another order than it numbers them.
package struct JournalCursor: Hashable, Sendable {
  package let rawValue: String

  package init(rawValue: String) {
    self.rawValue = rawValue
  }
}
