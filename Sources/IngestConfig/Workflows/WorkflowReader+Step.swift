import IngestCore

/// The reader of one step.
extension WorkflowReader {
  /// Reads one step.
  /// - Parameter isLast: whether this is the on-failure step.
  mutating func step(_ map: YAMLFields.Mapping, id: String, isLast: Bool = false) -> StepDefinition? {
    let kind = kind(map, isLast: isLast)
    var step = StepDefinition(id: id, uses: kind?.name ?? "")
    step.retry = retry(map)
    if let timeout = fields.optional(map, "timeout", .duration(.milliseconds(1) ... .seconds(7 * 86_400)))?.duration {
      step.timeout = timeout
    }
    step.when = when(map, isLast: isLast)
    if case .rate(let rate)? = fields.optional(map, "throttle", .rate) { step.throttle = rate }
    step.concurrency = fields.optional(map, "concurrency", .integer(1...1_000_000))?.integer
    guard let kind else { return nil }
    step.with = with(map, kind)
    return step
  }

  private mutating func kind(_ map: YAMLFields.Mapping, isLast: Bool) -> StepKind? {
    guard let uses = fields.required(map, "uses", .text(maximum: 64))?.text, let origin = map["uses"]?.origin else {
      return nil
    }
    guard let kind = catalogue.kinds[uses] else {
      let known = catalogue.kinds.keys.sorted()
      let hint = nearestName(to: uses, among: known).map { "did you mean \($0)?" }
      fields.report(
        origin, "no kind of step is called \"\(uses)\"", hint: hint ?? "use one of \(known.joined(separator: ", "))")
      return nil
    }
    if isLast {
      if kind.waits {
        fields.report(
          origin, "\(uses) waits, which on-failure cannot do", hint: "the job ends as soon as its on-failure step ends")
      }
      if let need = kind.needs.first {
        fields.report(
          origin, "\(uses) needs the result of a step that uses \(need), but on-failure may run before any step ended",
          hint: "use exec, http or another kind that needs no result")
      }
      return kind
    }
    for need in kind.needs where !before.kinds.contains(need) {
      fields.report(origin, "\(uses) needs the result of a step that uses \(need), but no such step is before it")
    }
    return kind
  }

  /// Reads a condition. YAML may read its text as a boolean or a number.
  private mutating func when(_ map: YAMLFields.Mapping, isLast: Bool) -> String? {
    guard let node = map["when"] else { return nil }
    guard case .scalar(let scalar) = node.content, scalar.value != .null else {
      fields.report(
        node.origin, "when must be a condition, found \(node.kind)", hint: "write it as `meta.team == 'law'`")
      return nil
    }
    do throws(ConditionError) {
      let condition = try Condition(scalar.text)
      for reference in condition.references {
        check(reference.path, "when: ", at: " at character \(reference.column)", node.origin, isLast: isLast)
      }
      return condition.text
    } catch {
      fields.report(
        node.origin, "when: \(error.problem), at character \(error.column) of the condition",
        hint: error.failure.hint.description)
      return nil
    }
  }

  /// Checks that a path leads to a value that exists when the step runs.
  private mutating func check(
    _ path: ValuePath, _ key: String, at place: String, _ origin: SettingOrigin, isLast: Bool
  ) {
    if path.root == .failure, !isLast {
      fields.report(
        origin, "\(key)\(path)\(place) is known only in on-failure",
        hint: "a failed step is retried or ends the job")
    }
    guard let step = path.step, before.ids[step] == nil else { return }
    if ids.contains(step) {
      fields.report(origin, "\(key)\(path)\(place): the step \(step) is not before this one")
    } else {
      let near = nearestName(to: step, among: ids).map { "did you mean \($0)?" }
      let known = before.ids.keys.sorted().joined(separator: ", ")
      fields.report(
        origin, "\(key)\(path)\(place): no step has the id \"\(step)\"",
        hint: near ?? (known.isEmpty ? "no step is before this one" : "the steps before it are \(known)"))
    }
  }

  private mutating func with(_ map: YAMLFields.Mapping, _ kind: StepKind) -> [String: Setting] {
    guard let node = map["with"] else {
      for setting in kind.settings where setting.isRequired {
        fields.report(map.origin, "\(kind.name) needs \(setting.name) under with:", hint: setting.type.expected)
      }
      for group in kind.exactlyOne {
        fields.report(map.origin, "\(kind.name) needs \(group.joined(separator: " or ")) under with:")
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
      guard let text = value?.text, let origin = given[setting.name]?.origin else { continue }
      if setting.type == .valuePath, let path = try? ValuePath(text) {
        check(path, "\(setting.name): ", at: "", origin, isLast: false)
      }
      if kind.name == StepCatalogue.foreach, setting.name == StepCatalogue.workflowSetting {
        children.append(Child(name: text, origin: origin))
      }
    }
    for group in kind.exactlyOne where !group.contains(where: { given[$0] != nil }) {
      fields.report(given.origin, "\(kind.name) needs \(group.joined(separator: " or "))")
    }
    for group in kind.exactlyOne + kind.atMostOne {
      let both = group.filter { given[$0] != nil }
      guard both.count > 1, let second = both.last, let origin = given[second]?.origin else { continue }
      fields.report(origin, "\(kind.name) takes \(both.joined(separator: " or ")), not both", hint: "remove one")
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
        origin, "the first wait, \(policy.first.compact), is longer than the longest wait, \(policy.maximum.compact)",
        hint: "lower first or raise max")
    }
    return policy
  }
}
