package import IngestCore

/// The step `foreach`: starts a child job for each item of a list, a limited number at once, and joins their outcomes.
package struct ForeachStep: Step {
  package static let declaration = StepKind(
    StepCatalogue.foreach, "Runs a workflow for each item of a list, each as a child job, and waits for all.",
    settings: [
      StepSetting("items", .valuePath, isRequired: true, "The list, or a number of items."),
      StepSetting(
        StepCatalogue.workflowSetting, .name, isRequired: true,
        "The workflow that runs for each item; the item is its task."),
      StepSetting("parallel", .integer(1...1000), default: "\(standardParallel)", "The most children at once."),
      StepSetting(
        "limit", .integer(1...100_000), default: "\(standardLimit)", "The most items. The step fails if there are more."
      ),
      StepSetting(
        "min-success", .share, default: standardShare, "The number or share of children that must complete."),
    ], waits: true)
  let services: StepServices
  /// The number of children that one transaction creates.
  private static let slice = 32
  private static let standardParallel = 10
  private static let standardLimit = 10_000
  private static let standardShare = "100%"

  private struct Cursor: Codable {
    /// The number of children created so far.
    var made: Int
    /// The workflow version of the children. Children that are created later run the same version.
    var version: ContentHash?
  }

  private struct Result: Encodable {
    var total: Int
    var completed: Int
    var cancelled: Int
    var dead: Int
    /// The share of children that completed, from 0 to 1.
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

  /// Returns the outcomes of the children as the step's result. Throws `CHILDREN_FAILED` if too few completed.
  private func join(_ report: ChildrenReport, _ input: StepInput) throws -> StepOutput {
    let share = try MinimumSuccess(input.text("min-success") ?? Self.standardShare)
    guard share.holds(report.completed, of: report.total) else {
      var failure = Failure(
        .permanent, code: "CHILDREN_FAILED",
        "\(report.completed) of \(report.total) child jobs completed (\(report.dead) dead, \(report.cancelled) cancelled); "
          + "the step needs \(share.text).",
        hint: "Fix and redrive the dead children (\(Action(.jobShow, "JOB")) lists the first), then redrive this job.")
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
    // A list that is too long for a checkpoint is in the blob store, and the checkpoint has its hash.
    if case .object(let members)? = value, members.count == 1, case .text(let hash)? = members["blob"] {
      value = JSONValue(parsing: try await services.blobs.get(ContentHash(rawValue: hash)))
    }
    return try ForeachItems(value, path: path, limit: input.integer("limit") ?? Self.standardLimit)
  }
}
