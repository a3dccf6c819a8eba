import IngestCore

/// The rules of a workflow for its jobs as a whole.
extension WorkflowReader {
  mutating func singleton(_ map: YAMLFields.Mapping) -> Singleton? {
    guard let node = map["singleton"], let given = fields.mapping(node, "singleton", keys: ["per", "mode"]) else {
      return nil
    }
    let modes = Singleton.Mode.allCases.map(\.rawValue)
    let mode = fields.required(given, "mode", .choice(modes))?.text.flatMap(Singleton.Mode.init)
    guard let text = fields.required(given, "per", .limitKey)?.text, let origin = given["per"]?.origin,
      let key = try? LimitKey(text), let mode
    else { return nil }
    guard key != .provider else {
      fields.report(
        origin, "per: no job has a provider when it is submitted", hint: "count by source, document or meta.NAME")
      return nil
    }
    return Singleton(key: key, mode: mode)
  }

  mutating func debounce(_ map: YAMLFields.Mapping) -> Debounce? {
    guard let node = map["debounce"], let given = fields.mapping(node, "debounce", keys: ["period", "longest"]) else {
      return nil
    }
    let span = SettingType.duration(.milliseconds(1) ... .seconds(30 * 86_400))
    let period = fields.required(given, "period", span)?.duration
    let longest = fields.required(given, "longest", span)?.duration
    guard let period, let longest else { return nil }
    if period > longest, let origin = given["longest"]?.origin {
      fields.report(
        origin, "the longest wait, \(longest.compact), is shorter than the period, \(period.compact)",
        hint: "raise longest or lower period")
    }
    return Debounce(period: period, longest: longest)
  }
}
