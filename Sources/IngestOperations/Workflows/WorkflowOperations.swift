package import IngestCore

/// Operations on workflow files. They are not part of ``Operations`` because they need no data folder.
package struct WorkflowOperations: Sendable {
  private let catalogue: any WorkflowCatalogue

  package init(_ catalogue: any WorkflowCatalogue) { self.catalogue = catalogue }

  /// Returns all workflows.
  package func list() throws -> WorkflowListing { try catalogue.listing() }

  /// Draws the steps of a workflow.
  /// - Throws: `WORKFLOW_NOT_FOUND`, `WORKFLOW_INVALID`.
  package func draw(_ name: String, in format: WorkflowDrawing) throws -> (workflow: ListedWorkflow, drawing: String) {
    let workflow = try catalogue.workflow(name)
    return (workflow, catalogue.drawing(of: workflow.definition, in: format))
  }

  /// Checks files, or all files of the workflow folder if none is named. A file's mistakes do not hide those of another.
  package func validate(_ files: [String]) throws -> [WorkflowCheck] {
    guard files.isEmpty else { return try files.map { try catalogue.check(file: $0) } }
    let listing = try catalogue.listing()
    return listing.broken.map { .mistakes($0.mistakes) } + listing.workflows.map { .sound($0) }
  }
}

extension Operations {
  /// Pauses workflows: no more jobs of any of their versions start. Every name is checked before anything is paused.
  /// - Returns: for each name, whether it was not paused before.
  /// - Throws: `WORKFLOW_NOT_FOUND`.
  package func pauseWorkflows(_ names: [String]) async throws -> [(workflow: String, changed: Bool)] {
    for name in names { try await requireWorkflow(name) }
    var paused: [(workflow: String, changed: Bool)] = []
    for name in names { paused.append((name, try await limits.pause(.workflow(name), actor: actorText))) }
    return paused
  }

  /// Ends the pause of a workflow: its jobs start again.
  /// - Returns: whether it was paused.
  /// - Throws: `WORKFLOW_NOT_FOUND` for a name that is neither paused nor the name of a workflow.
  package func resumeWorkflow(_ name: String) async throws -> Bool {
    let changed = try await limits.resume(.workflow(name), actor: actorText)
    if !changed, try !workflows.listing().has(name) { _ = try workflows.workflow(name) }
    return changed
  }

  /// Returns the pauses of everything and of workflows.
  package func pauses() async throws -> PauseReport { try await limits.pauses() }

  /// Checks that the workflow has a file, or had one: a workflow without a file is known by its jobs.
  private func requireWorkflow(_ name: String) async throws {
    if try workflows.listing().has(name) { return }
    let known = try await jobs.jobs(JobFilter(workflow: name, limit: 1))
    if !known.contains(where: { $0.workflow == name }) { _ = try workflows.workflow(name) }
  }
}
