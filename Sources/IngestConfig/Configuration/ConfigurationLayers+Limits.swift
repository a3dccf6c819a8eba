private import IngestCore

extension ConfigurationLayers {
  /// Checks limits for mistakes that no single value shows.
  mutating func checkLimits(_ configuration: Configuration) {
    for name in names(in: "sources") { checkSource(name, configuration.sources[name] ?? .init()) }
    for (number, fields) in configuration.limitFields.enumerated() {
      checkLimit(fields, at: "limits[\(number)]", configuration)
    }
    checkRepeats(configuration)
  }

  private mutating func checkSource(_ name: String, _ source: Configuration.Source) {
    let path = "sources.\(name)"
    guard let burst = assignments["\(path).burst"] else { return }
    guard given.contains("\(path).throttle") else {
      report(
        burst.origin, "\(path) has a burst but no throttle",
        hint: "add a throttle such as 60/m, or remove burst")
      return
    }
    if let throttle = source.throttle, throttle.burst > 0 {
      report(
        burst.origin, "\(path) has two bursts: its throttle is already \(throttle)", hint: "keep one of them")
    }
    do throws(PolicyError) {
      _ = try source.rate()
    } catch {
      guard case .correctLimit(let text, let problem) = error else { return }
      report(burst.origin, "\(path): \"\(text)\": \(problem)", hint: "lower the burst")
    }
  }

  private mutating func checkLimit(_ fields: Configuration.LimitFields, at path: String, _ configuration: Configuration)
  {
    let kinds = Limit.Kind.allCases.map(\.rawValue).filter { given.contains("\(path).\($0)") }
    guard let kind = kinds.first.flatMap(Limit.Kind.init) else {
      // A misspelled key was reported before.
      guard !diagnostics.contains(where: { $0.message.contains(path) }) else { return }
      report(
        origin(of: path), "\(path) limits nothing", hint: "add one of throttle, rate-limit and concurrency")
      return
    }
    if let second = kinds.dropFirst().first {
      report(
        assignments["\(path).\(second)"]?.origin ?? origin(of: path), "\(path) has both \(kind.rawValue) and \(second)",
        hint: "split it into two entries")
      return
    }
    for misfit in isWhole(path) ? fields.id?.misfits ?? [] : [] {
      let field = "\(path).\(misfit.field.rawValue)"
      report(
        assignments[field]?.origin ?? origin("\(path).\(kind.rawValue)"), "\(path): \(misfit.problem)",
        hint: misfit.hint)
    }
    if let provider = fields.provider, configuration.embedder(provider) == nil {
      let near = nearestName(to: provider, among: configuration.embedderNames).map { "did you mean \($0)?" }
      report(
        origin("\(path).provider"), "\(path).provider: there is no embedder called \"\(provider)\"",
        hint: near ?? "use one of \(configuration.embedderNames.joined(separator: ", "))")
    }
  }

  /// Reports limits that occur twice, because only one of them could apply.
  private mutating func checkRepeats(_ configuration: Configuration) {
    var known: [Limit.ID: String] = [:]
    for name in names(in: "sources") {
      let scope = LimitScope(source: name)
      for kind in Limit.Kind.allCases where given.contains("sources.\(name).\(kind.rawValue)") {
        known[Limit.ID(kind, per: .source, scope: scope)] = "sources.\(name).\(kind.rawValue)"
      }
    }
    for (number, fields) in configuration.limitFields.enumerated() {
      let path = "limits[\(number)]"
      guard let id = fields.id, isWhole(path) else { continue }
      if let first = known.updateValue(path, forKey: id) {
        let line = (assignments[first]?.origin ?? origin(of: first)).description
        report(
          origin("\(path).\(id.kind.rawValue)"), "\(path) is the same limit as \(first)",
          hint: "keep one of them; the other is at \(line)")
      }
    }
  }

  /// Returns whether every value of the entry was understood and the entry has exactly one limit.
  private func isWhole(_ path: String) -> Bool {
    let said = given.filter { $0.hasPrefix(path + ".") }
    return said.allSatisfy { assignments[$0] != nil }
      && Limit.Kind.allCases.count { said.contains("\(path).\($0.rawValue)") } == 1
  }

  /// Returns the place where an entry of a list begins.
  private func origin(of item: String) -> SettingOrigin { named[item] ?? .builtIn }
}
