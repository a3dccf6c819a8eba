/// The task of a job on one document in one generation.
package struct DocumentTask: Codable, Hashable, Sendable {
  package enum Change: String, Codable, Sendable {
    case content
    case delete
  }

  package var document: DocumentID
  /// Counted from 1; grows with each accepted submit or delete.
  package var revision: Int
  package var change: Change
  package var index: String
  package var source: String
  package var generation: Int
  package var uri: String
  /// The document's bytes; nil for a delete.
  package var content: ContentHash?
  /// The size in bytes.
  package var size: Int
  package var meta: [String: String]
  /// A file on the worker's machine that contains the password of an encrypted document.
  package var passwordFile: String?

  package init(
    document: DocumentID, revision: Int, change: Change, index: String, source: String, generation: Int, uri: String,
    content: ContentHash?, size: Int, meta: [String: String], passwordFile: String? = nil
  ) {
    self.document = document
    self.revision = revision
    self.change = change
    self.index = index
    self.source = source
    self.generation = generation
    self.uri = uri
    self.content = content
    self.size = size
    self.meta = meta
    self.passwordFile = passwordFile
  }
}
