import IngestCore

/// The checks of workflows that run others by `foreach`.
extension WorkflowLibrary {
  /// Refuses every workflow whose children cannot run, and workflows that would run each other forever.
  mutating func proveChildren() {
    while true {
      let found = entries.map { ($0, mistakes(of: $0)) }.filter { !$0.1.isEmpty }
      if found.isEmpty { return }
      for (entry, mistakes) in found {
        refuse(entry.origin.description, name: entry.definition.name, mistakes.sorted())
      }
    }
  }

  /// Returns the mistakes in the workflows that this one runs.
  func mistakes(of entry: WorkflowEntry) -> [Diagnostic] {
    entry.children.compactMap { child in
      if broken.contains(where: { $0.name == child.name }) {
        return Diagnostic(child.origin, "the workflow \(child.name) has mistakes of its own", hint: "fix it first")
      }
      guard entries.contains(where: { $0.definition.name == child.name }) else {
        let known = entries.map(\.definition.name)
        let near = nearestName(to: child.name, among: known).map { "did you mean \($0)?" }
        return Diagnostic(
          child.origin, "there is no workflow called \(child.name)",
          hint: near ?? "use one of \(known.joined(separator: ", "))")
      }
      return path(from: child.name, to: entry.definition.name).map { path in
        Diagnostic(
          child.origin,
          "it would run itself forever: \(([entry.definition.name] + path).joined(separator: " → "))",
          hint: "remove foreach from one of these workflows")
      }
    }
  }

  /// Returns a path of children from one workflow to another. Nil if there is none.
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
