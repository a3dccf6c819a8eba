/// A sortable public id: a ULID of 26 characters in Crockford base32, of which the first ten are the time in
/// milliseconds.
package struct Identifier<Tag>: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
  package let rawValue: String

  package init(rawValue: String) { self.rawValue = rawValue }

  package var description: String { rawValue }
  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension Identifier: Codable {
  package init(from decoder: any Decoder) throws {
    rawValue = try decoder.singleValueContainer().decode(String.self)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(rawValue)
  }
}

package enum JobTag {}
package enum DocumentTag {}
package enum WorkerTag {}

/// The id of a job.
package typealias JobID = Identifier<JobTag>
/// The id of a document, which is identified by (index, source, uri).
package typealias DocumentID = Identifier<DocumentTag>
/// The id of a worker.
package typealias WorkerID = Identifier<WorkerTag>
