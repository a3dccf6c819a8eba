import IngestCore

/// Workflows that run others, by `foreach`.
extension WorkflowLibrary {
  /// Refuses every workflow whose children could not be run, and those that would run each other without end.
  mutating func proveChildren() {
    while true {
      let found = entries.map { ($0, mistakes(of: $0)) }.filter { !$0.1.isEmpty }
      if found.isEmpty { return }
      for (entry, mistakes) in found {
        refuse(entry.origin.description, name: entry.definition.name, mistakes.sorted())
      }
    }
  }

  /// What is wrong with the workflows that this one runs.
  func mistakes(of entry: WorkflowEntry) -> [Diagnostic] {
    entry.children.compactMap { child in
      if broken.contains(where: { $0.name == child.name }) {
        return Diagnostic(child.origin, "the workflow \(child.name) has mistakes of its own", hint: "mend it first")
      }
      guard entries.contains(where: { $0.definition.name == child.name }) else {
        let known = entries.map(\.definition.name)
        let near = nearestName(to: child.name, among: known).map { "did you mean \($0)?" }
        return Diagnostic(
          child.origin, "there is no workflow called \(child.name)",
          hint: near ?? "known are \(known.joined(separator: ", "))")
      }
      return path(from: child.name, to: entry.definition.name).map { path in
        Diagnostic(
          child.origin,
          "it would run itself without end: \(([entry.definition.name] + path).joined(separator: " → "))",
          hint: "let the last of them do its work without foreach")
      }
    }
  }

  /// How one workflow leads to another by the children that they run; nil where it does not.
  private func path(from start: String, to goal: String) -> [String]? {
    var seen: Set<String> = [start]
    var ways = [[start]]
    while let way = ways.popLast() {
      guard let last = way.last else { continue }
      if last == goal { return way }
      for child in entries.first(where: { $0.definition.name == last })?.children ?? []
      where seen.insert(child.name).inserted {
        ways.append(way + [child.name])
      }
    }
    return nil
  }
}
