/// Where a value stands among what a job knows: `steps.parse.pages`, `task.uri`, `meta.team`, `source`.
package struct ValuePath: Hashable, Sendable {
  /// What a path may begin with.
  package enum Root: String, CaseIterable, Sendable {
    /// The results of the steps before, by their ids.
    case steps
    /// The job's task, as it was submitted.
    case task
    /// The document's metadata; every value is text.
    case meta
    case source
    case index
    case uri
    /// What the job is about to die of: for the on-failure step.
    case failure

    /// Whether it is a value by itself: nothing stands beneath it.
    package var isText: Bool { self == .source || self == .index || self == .uri }
  }

  package var root: Root
  /// Names of members, and places in lists in digits.
  package var members: [String]

  package init(_ root: Root, _ members: [String] = []) {
    self.root = root
    self.members = members
  }

  /// Reads a path that stands alone, as `items:` of `foreach` does.
  package init(_ text: String) throws(ConditionError) {
    var parser = ConditionParser(text)
    self = try parser.onlyPath()
  }

  /// The step whose result it reads; nil for a path elsewhere.
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
