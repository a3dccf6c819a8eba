private import IngestCore

extension ConfigurationLayers {
  /// Checks values that depend on each other.
  mutating func check() {
    let configuration = configuration
    checkEmbedders()
    checkReferences(configuration)
    checkLimits(configuration)
    if configuration.breaker.firstWait > configuration.breaker.longestWait {
      report(
        origin(either: "breaker.first-wait", "breaker.longest-wait"),
        "a breaker's first wait of \(configuration.breaker.firstWait.compact) is longer than its longest wait of "
          + configuration.breaker.longestWait.compact,
        hint: "breaker.first-wait must be at most breaker.longest-wait")
    }
    checkSchedules(configuration)
    let worker = configuration.worker
    if worker.heartbeat * 2 > worker.lease {
      report(
        origin(either: "worker.heartbeat", "worker.lease"),
        "a heartbeat every \(worker.heartbeat.compact) is too slow for a lease of \(worker.lease.compact)",
        hint: "worker.heartbeat must be at most half of worker.lease")
    }
    check(configuration.chunker, at: "chunker")
    // An index without chunker settings of its own would only repeat the mistakes of the common ones.
    for name in names(in: "indexes") where given.contains(where: { $0.hasPrefix("indexes.\(name).chunker.") }) {
      check(configuration.chunker(forIndex: name), at: "indexes.\(name).chunker")
    }
  }

  private mutating func checkEmbedders() {
    for name in names(in: "embedders") {
      let path = "embedders.\(name)"
      let origin = named[path] ?? .builtIn
      guard name != EmbedderSettings.hash.name else {
        report(origin, "the embedder hash is built in", hint: "choose another name")
        continue
      }
      for key in ConfigurationKey.all where key.group == "embedders" && key.isRequired {
        let needed = key.path(named: name)
        guard !given.contains(needed) else { continue }
        report(origin, "\(path) needs \(key.field)", hint: key.type.expected)
      }
      if let second = assignments["\(path).api-key-file"], assignments["\(path).api-key-env"] != nil {
        report(second.origin, "\(path) has both api-key-env and api-key-file", hint: "keep one")
      }
    }
  }

  private mutating func checkReferences(_ configuration: Configuration) {
    for (path, assignment) in assignments.sorted(by: { $0.key < $1.key })
    where path == "default-embedder" || assignment.key.path == "indexes.*.embedder" {
      guard let name = assignment.value.text, configuration.embedder(name) == nil else { continue }
      let known = configuration.embedderNames
      let near = nearestName(to: name, among: known).map { "did you mean \($0)?" }
      report(
        assignment.origin, "\(path): there is no embedder called \"\(name)\"",
        hint: near ?? "use one of \(known.joined(separator: ", "))")
    }
  }

  private mutating func check(_ chunker: ChunkerSettings, at path: String) {
    if chunker.target > chunker.maximum {
      report(
        origin(either: "\(path).target", "\(path).maximum"),
        "\(path) has a target of \(chunker.target) tokens and a maximum of \(chunker.maximum)",
        hint: "target must be at most maximum")
    }
    if chunker.overlap * 2 > chunker.target {
      report(
        origin(either: "\(path).overlap", "\(path).target"),
        "\(path) has an overlap of \(chunker.overlap) tokens and a target of \(chunker.target)",
        hint: "overlap must be at most half of target")
    }
  }

  private func origin(either first: String, _ second: String) -> SettingOrigin {
    assignments[first]?.origin ?? assignments[second]?.origin ?? .builtIn
  }
}
