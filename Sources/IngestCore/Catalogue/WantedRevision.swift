/// The revision of a document that its index should hold.
package struct WantedRevision: Hashable, Sendable {
  /// The revision that a generation holds.
  package struct Held: Hashable, Sendable {
    package var revision: Int
    /// A tombstone.
    package var isDelete: Bool

    package init(revision: Int, isDelete: Bool) {
      self.revision = revision
      self.isDelete = isDelete
    }
  }

  package var revision: Int
  package var isDelete: Bool

  package init(revision: Int, isDelete: Bool) {
    self.revision = revision
    self.isDelete = isDelete
  }

  /// Whether a generation has to be brought up to this revision. A generation that holds nothing of a document, or a tombstone,
  /// lacks no delete.
  package func isLacking(in held: Held?) -> Bool {
    guard held?.revision != revision else { return false }
    return !isDelete || held?.isDelete == false
  }
}
