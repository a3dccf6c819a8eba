package import IngestCore

/// A reader of one workflow file. It checks the whole file and collects all mistakes.
package struct WorkflowReader {
  /// A workflow that a `foreach` runs, and the place in the file that names it.
  package struct Child: Hashable, Sendable {
    package var name: String
    package var origin: SettingOrigin
  }

  let catalogue: StepCatalogue
  var fields: YAMLFields
  /// The ids of all steps, including later ones.
  private(set) var ids: [String] = []
  /// The ids and kinds of the steps read so far.
  private(set) var before: (ids: [String: Int], kinds: Set<String>) = ([:], [])
  var children: [Child] = []

  /// The most steps of one workflow.
  package static let stepLimit = 100

  /// Reads a workflow file and appends its mistakes to `diagnostics`.
  /// - Returns: the definition, or nil if there were mistakes. `name` is the workflow's name if it could be read, so
  ///   that a broken file still occupies its name.
  package static func read(
    _ bytes: [UInt8], file: String, catalogue: StepCatalogue, diagnostics: inout [Diagnostic]
  ) -> (definition: WorkflowDefinition?, name: String?, children: [Child]) {
    var found: [Diagnostic] = []
    defer { diagnostics += found.sorted() }
    guard let root = YAMLReader.read(bytes, file: file, diagnostics: &found) else {
      if found.isEmpty {
        found.append(.init(.file(file, line: 1, column: 1), "the file is empty", hint: "a workflow has name and steps"))
      }
      return (nil, nil, [])
    }
    var reader = Self(catalogue: catalogue, fields: YAMLFields(diagnostics: found))
    let definition = reader.workflow(root)
    found = reader.fields.diagnostics
    return (found.isEmpty ? definition : nil, definition?.name, reader.children)
  }

  private init(catalogue: StepCatalogue, fields: YAMLFields) {
    self.catalogue = catalogue
    self.fields = fields
  }

  private mutating func workflow(_ root: YAMLNode) -> WorkflowDefinition? {
    let keys = ["name", "description", "deadline", "singleton", "debounce", "steps", "on-failure"]
    guard let map = fields.mapping(root, "a workflow", keys: keys) else { return nil }
    let name = fields.required(map, "name", .name)?.text
    var workflow = WorkflowDefinition(name: name ?? "", steps: [])
    workflow.description = fields.optional(map, "description", .text(maximum: 1000))?.text ?? ""
    workflow.deadline = fields.optional(map, "deadline", .duration(.seconds(1) ... .seconds(365 * 86_400)))?.duration
    workflow.singleton = singleton(map)
    workflow.debounce = debounce(map)
    workflow.steps = steps(map)
    workflow.onFailure = onFailure(map)
    return name == nil ? nil : workflow
  }

  private mutating func steps(_ map: YAMLFields.Mapping) -> [StepDefinition] {
    guard let node = fields.require(map, "steps") else { return [] }
    guard case .sequence(let items) = node.content else {
      fields.report(node.origin, "steps must be a list, found \(node.kind)", hint: "begin each step with `- id:`")
      return []
    }
    guard (1...Self.stepLimit).contains(items.count) else {
      fields.report(node.origin, "\(items.count) steps", hint: "a workflow has 1 to \(Self.stepLimit)")
      return []
    }
    ids = items.compactMap(Self.id)
    return items.compactMap { item in
      let keys = ["id", "uses", "with", "when", "throttle", "concurrency", "retry", "timeout"]
      guard let map = fields.mapping(item, "a step", keys: keys) else { return nil }
      let id = id(map)
      let step = step(map, id: id ?? "")
      if let id { before.ids[id] = map["id"]?.origin.line }
      if let step { before.kinds.insert(step.uses) }
      return step
    }
  }

  private static func id(_ item: YAMLNode) -> String? {
    guard case .mapping(let entries) = item.content, let node = entries.first(where: { $0.key == "id" })?.value,
      case .scalar(let scalar) = node.content
    else { return nil }
    return scalar.text
  }

  private mutating func id(_ map: YAMLFields.Mapping) -> String? {
    let id = fields.required(map, "id", .name)?.text
    if let id, let origin = map["id"]?.origin, let line = before.ids[id] {
      fields.report(origin, "two steps have the id \"\(id)\"", hint: "the other is on line \(line)")
    }
    return id
  }

  /// Reads the step that runs when the job is about to die. That may be at any point, so the step cannot rely on
  /// results of other steps or wait.
  private mutating func onFailure(_ map: YAMLFields.Mapping) -> StepDefinition? {
    guard let node = map["on-failure"] else { return nil }
    let keys = ["id", "uses", "with", "when", "retry", "timeout"]
    guard let map = fields.mapping(node, "on-failure", keys: keys) else { return nil }
    let id = id(map)
    return step(map, id: id ?? "", isLast: true)
  }
}
