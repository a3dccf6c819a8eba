/// A sortable public id: a ULID, 26 characters of Crockford base32, the first ten of them the time in milliseconds.
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

/// One durable run of a workflow.
package typealias JobID = Identifier<JobTag>
/// One (index, source, uri).
package typealias DocumentID = Identifier<DocumentTag>
/// One process or task that claims jobs.
package typealias WorkerID = Identifier<WorkerTag>
