package import IngestCore

/// `foreach`: a child job for each item of a list, so many at once, and a join that says how they ended.
package struct ForeachStep: Step {
  package static let declaration = StepKind(
    StepCatalogue.foreach, "Runs a workflow for each item of a list, as jobs of their own, and waits for them.",
    settings: [
      StepSetting("items", .valuePath, isRequired: true, "The list."),
      StepSetting(
        StepCatalogue.workflowSetting, .name, isRequired: true, "What runs for each item; its task is the item."),
      StepSetting("parallel", .integer(1...1000), "How many at once; 10 by default."),
      StepSetting("limit", .integer(1...100_000), "Items, at most; 10000 by default. More fail the step."),
      StepSetting(
        "min-success", .share, "How many must complete, as a number or a share; all (`100%`) by default."),
    ], waits: true)
  let services: StepServices
  /// Children made in one transaction.
  private static let slice = 32
  private static let standardParallel = 10
  private static let standardLimit = 10_000

  private struct Cursor: Codable {
    /// Children that were asked for so far.
    var made: Int
    /// What they run: those that are made later run the same.
    var version: ContentHash?
  }

  private struct Result: Encodable {
    var total: Int
    var completed: Int
    var cancelled: Int
    var dead: Int
    /// Of all, how many completed: from 0 to 1.
    var succeeded: Double
  }

  package func run(_ input: StepInput, _ context: StepContext) async throws -> StepOutput {
    if case .children(let report)? = input.wake { return try join(report, input) }
    let items = try await items(input)
    guard items.count > 0 else {
      return try join(ChildrenReport(completed: 0, cancelled: 0, dead: 0, failures: []), input)
    }
    var cursor =
      try input.cursor.map { try StepJSON.decode(Cursor.self, $0, what: "cursor") } ?? Cursor(made: 0, version: nil)
    let name = try input.required("workflow", input.text("workflow"))
    let workflow = try await services.workflow(name, cursor.version)
    cursor.version = workflow.version
    let parallel = input.integer("parallel") ?? Self.standardParallel
    while cursor.made < items.count {
      try Task.checkCancellation()
      let next = min(cursor.made + Self.slice, items.count)
      let children = (cursor.made..<next).map { ChildJob(position: $0, workflow: workflow, task: items[$0]) }
      cursor.made = next
      try await context.save(
        StepSave(
          progress: StepProgress(done: next, total: items.count, unit: "children"), cursor: try StepJSON.encode(cursor),
          children: ChildBatch(jobs: children, parallel: parallel)))
    }
    return .waiting(for: .children, cursor: try StepJSON.encode(cursor))
  }

  /// How the children ended, as the step's result; a failure where too few completed.
  private func join(_ report: ChildrenReport, _ input: StepInput) throws -> StepOutput {
    let share = try MinimumSuccess(input.text("min-success") ?? "100%")
    guard share.holds(report.completed, of: report.total) else {
      var failure = Failure(
        .permanent, code: "CHILDREN_FAILED",
        "\(report.completed) of \(report.total) child jobs completed (\(report.dead) dead, \(report.cancelled) cancelled); "
          + "the step asks for \(share.text).",
        hint: "Mend and redrive the dead children (\(Action(.jobShow, "JOB")) names the first), then this job.")
      failure.causes = report.failures
      throw failure
    }
    let succeeded = report.total == 0 ? 1 : Double(report.completed) / Double(report.total)
    return StepOutput(
      result: try StepJSON.encode(
        Result(
          total: report.total, completed: report.completed, cancelled: report.cancelled, dead: report.dead,
          succeeded: succeeded)))
  }

  private func items(_ input: StepInput) async throws -> ForeachItems {
    let path = try ValuePath(try input.required("items", input.text("items")))
    let scope = ConditionScope(task: input.task, results: input.resultsByID, failure: input.failure)
    var value = scope.value(at: path)
    // A list that is too long for a checkpoint is left in the blob store, its hash in the checkpoint.
    if case .object(let members)? = value, members.count == 1, case .text(let hash)? = members["blob"] {
      value = JSONValue(parsing: try await services.blobs.get(ContentHash(rawValue: hash)))
    }
    return try ForeachItems(value, path: path, limit: input.integer("limit") ?? Self.standardLimit)
  }
}
