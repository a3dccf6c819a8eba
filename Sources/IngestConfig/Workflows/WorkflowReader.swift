package import IngestCore

/// Reads and checks one workflow file; all its mistakes are collected.
package struct WorkflowReader {
  private let catalogue: StepCatalogue
  private var fields: YAMLFields

  /// Steps that one workflow may have.
  package static let stepLimit = 100

  /// - Returns: the definition, or nil when anything was wrong; then `diagnostics` says what. `name` is the workflow's name
  ///   as far as it could be read, so that a broken file still stands for its name.
  package static func read(
    _ bytes: [UInt8], file: String, catalogue: StepCatalogue, diagnostics: inout [Diagnostic]
  ) -> (definition: WorkflowDefinition?, name: String?) {
    var found: [Diagnostic] = []
    defer { diagnostics += found.sorted() }
    guard let root = YAMLReader.read(bytes, file: file, diagnostics: &found) else {
      if found.isEmpty {
        found.append(.init(.file(file, line: 1, column: 1), "the file is empty", hint: "a workflow has name and steps"))
      }
      return (nil, nil)
    }
    var reader = Self(catalogue: catalogue, fields: YAMLFields(diagnostics: found))
    let definition = reader.workflow(root)
    found = reader.fields.diagnostics
    return (found.isEmpty ? definition : nil, definition?.name)
  }

  private init(catalogue: StepCatalogue, fields: YAMLFields) {
    self.catalogue = catalogue
    self.fields = fields
  }

  private mutating func workflow(_ root: YAMLNode) -> WorkflowDefinition? {
    guard let map = fields.mapping(root, "a workflow", keys: ["name", "description", "deadline", "steps"]) else {
      return nil
    }
    let name = fields.required(map, "name", .name)?.text
    var workflow = WorkflowDefinition(name: name ?? "", steps: [])
    workflow.description = fields.optional(map, "description", .text(maximum: 1000))?.text ?? ""
    workflow.deadline = fields.optional(map, "deadline", .duration(.seconds(1) ... .seconds(365 * 86_400)))?.duration
    workflow.steps = steps(map)
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
    var ids: [String: Int] = [:]
    var kinds: Set<String> = []
    return items.compactMap { item in
      guard let map = fields.mapping(item, "a step", keys: ["id", "uses", "with", "retry", "timeout"]) else {
        return nil
      }
      let id = fields.required(map, "id", .name)?.text
      if let id, let origin = map["id"]?.origin {
        if let line = ids[id] {
          fields.report(origin, "two steps have the id \"\(id)\"", hint: "the other is on line \(line)")
        }
        ids[id] = origin.line
      }
      return step(map, id: id ?? "", before: &kinds)
    }
  }

  private mutating func step(_ map: YAMLFields.Mapping, id: String, before: inout Set<String>) -> StepDefinition? {
    let kind = kind(map, before: before)
    if let kind { before.insert(kind.name) }
    var step = StepDefinition(id: id, uses: kind?.name ?? "")
    step.retry = retry(map)
    if let timeout = fields.optional(map, "timeout", .duration(.milliseconds(1) ... .seconds(7 * 86_400)))?.duration {
      step.timeout = timeout
    }
    guard let kind else { return nil }
    step.with = with(map, kind)
    return step
  }

  private mutating func kind(_ map: YAMLFields.Mapping, before: Set<String>) -> StepKind? {
    guard let uses = fields.required(map, "uses", .text(maximum: 64))?.text, let origin = map["uses"]?.origin else {
      return nil
    }
    guard let kind = catalogue.kinds[uses] else {
      let known = catalogue.kinds.keys.sorted()
      let hint = nearestName(to: uses, among: known).map { "did you mean \($0)?" }
      fields.report(
        origin, "no kind of step is called \"\(uses)\"", hint: hint ?? "known are \(known.joined(separator: ", "))")
      return nil
    }
    for need in kind.needs where !before.contains(need) {
      fields.report(origin, "\(uses) needs the result of a step that uses \(need), and none stands before it")
    }
    return kind
  }

  private mutating func with(_ map: YAMLFields.Mapping, _ kind: StepKind) -> [String: Setting] {
    guard let node = map["with"] else {
      for setting in kind.settings where setting.isRequired {
        fields.report(map.origin, "\(kind.name) needs \(setting.name) under with:", hint: setting.type.expected)
      }
      return [:]
    }
    guard let given = fields.mapping(node, "with: of \(kind.name)", keys: kind.settings.map(\.name)) else { return [:] }
    var values: [String: Setting] = [:]
    for setting in kind.settings {
      let value =
        setting.isRequired
        ? fields.required(given, setting.name, setting.type) : fields.optional(given, setting.name, setting.type)
      values[setting.name] = value?.setting
    }
    return values
  }

  private mutating func retry(_ map: YAMLFields.Mapping) -> RetryPolicy {
    var policy = RetryPolicy()
    guard let node = map["retry"] else { return policy }
    guard let given = fields.mapping(node, "retry", keys: ["attempts", "first", "factor", "max", "jitter"]) else {
      return policy
    }
    let wait = SettingType.duration(.milliseconds(1) ... .seconds(86_400))
    if let value = fields.optional(given, "attempts", .integer(1...100))?.integer { policy.attempts = value }
    if let value = fields.optional(given, "first", wait)?.duration { policy.first = value }
    if let value = fields.optional(given, "factor", .number(1...100))?.number { policy.factor = value }
    if let value = fields.optional(given, "max", wait)?.duration { policy.maximum = value }
    let jitters = RetryPolicy.Jitter.allCases.map(\.rawValue)
    if let value = fields.optional(given, "jitter", .choice(jitters))?.text.flatMap(RetryPolicy.Jitter.init) {
      policy.jitter = value
    }
    if policy.first > policy.maximum {
      let origin = given["first"]?.origin ?? given["max"]?.origin ?? node.origin
      fields.report(
        origin, "the first wait, \(policy.first.compact), is longer than the longest, \(policy.maximum.compact)",
        hint: "lower first or raise max")
    }
    return policy
  }
}
