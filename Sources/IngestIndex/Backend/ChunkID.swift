package import IngestCore

/// The name of a chunk, the same in every generation: `<document>-<revision>-<ordinal>`.
///
/// The name depends only on the indexed content, so a repeated write creates no duplicate. It contains the revision, so
/// a late writer can never overwrite a newer revision.
package struct ChunkID: Hashable, Comparable, Sendable, CustomStringConvertible {
  package var document: DocumentID
  package var revision: Int
  /// The chunk's number within its revision, from 0.
  package var ordinal: Int

  package init(document: DocumentID, revision: Int, ordinal: Int) {
    self.document = document
    self.revision = revision
    self.ordinal = ordinal
  }

  /// Reads the format of ``description``; nil for any other text.
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
