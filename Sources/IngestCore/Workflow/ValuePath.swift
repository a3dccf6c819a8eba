/// The path of a value among a job's data: `steps.parse.pages`, `task.uri`, `meta.team`, `source`.
package struct ValuePath: Hashable, Sendable {
  /// The first name of a path.
  package enum Root: String, CaseIterable, Sendable {
    /// The results of earlier steps, by step id.
    case steps
    /// The job's task, as it was submitted.
    case task
    /// The document's metadata; every value is text.
    case meta
    case source
    case index
    case uri
    /// In an on-failure step: the failure that makes the job a dead letter.
    case failure

    /// Whether the root is a text itself, without members.
    package var isText: Bool { self == .source || self == .index || self == .uri }
  }

  package var root: Root
  /// Names of members, and positions in lists as digits.
  package var members: [String]

  package init(_ root: Root, _ members: [String] = []) {
    self.root = root
    self.members = members
  }

  /// Parses a path outside a condition, such as `items:` of `foreach`.
  package init(_ text: String) throws(ConditionError) {
    var parser = ConditionParser(text)
    self = try parser.onlyPath()
  }

  /// The step whose result the path reads; nil for another root.
  package var step: String? { root == .steps ? members.first : nil }
}

extension ValuePath: CustomStringConvertible {
  package var description: String {
    ([root.rawValue]
      + members.map { member in
        let plain = !member.isEmpty && member.unicodeScalars.allSatisfy(ConditionParser.isWord)
        return plain
          ? member : "'" + member.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
      }).joined(separator: ".")
  }
}
