package import IngestCore

/// Names a chunk in every generation: `<document>-<revision>-<ordinal>`.
///
/// It follows from what is indexed and from nothing else, so writing twice makes nothing twice; and as it contains the
/// revision, a late writer can never overwrite what is newer.
package struct ChunkID: Hashable, Comparable, Sendable, CustomStringConvertible {
  package var document: DocumentID
  package var revision: Int
  /// From 0 within its revision.
  package var ordinal: Int

  package init(document: DocumentID, revision: Int, ordinal: Int) {
    self.document = document
    self.revision = revision
    self.ordinal = ordinal
  }

  /// Reads what ``description`` writes; nil for anything else.
  package init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, !parts[0].isEmpty, let revision = Int(parts[1]), revision > 0,
      let ordinal = Int(parts[2]), ordinal >= 0
    else { return nil }
    self.init(document: DocumentID(rawValue: String(parts[0])), revision: revision, ordinal: ordinal)
  }

  package var description: String { "\(document)-\(revision)-\(ordinal)" }

  package static func < (left: Self, right: Self) -> Bool {
    (left.document, left.revision, left.ordinal) < (right.document, right.revision, right.ordinal)
  }
}
