import FoundationEssentials
import IngestConfig
import IngestCore
import Testing

@Suite("The configuration")
struct ConfigurationTests {
  /// Loads `text` as a file. The reported mistakes have `f` in place of the file's path.
  private func load(
    _ text: String? = nil, environment: [String: String] = [:], flags: [String: String] = [:]
  ) throws -> (loaded: LoadedConfiguration?, diagnostics: [String]) {
    let path = FileManager.default.temporaryDirectory.path + "/config-\(UUID().uuidString).yaml"
    try text?.write(toFile: path, atomically: false, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    do throws(ConfigurationError) {
      return (try Configuration.load(file: text.map { _ in path }, environment: environment, flags: flags), [])
    } catch {
      guard case .invalid(let diagnostics) = error else { throw error }
      return (nil, diagnostics.map { $0.description.replacing(path, with: "f") })
    }
  }

  @Test("without any setting the defaults apply, and each is within its own bounds")
  func defaults() throws {
    let loaded = try #require(load().loaded)
    #expect(loaded.configuration == Configuration())
    #expect(loaded.settings.allSatisfy { $0.origin == .builtIn })
    for key in ConfigurationKey.all {
      guard let fallback = key.fallback, fallback != .text("") else { continue }
      let read = try key.type.read(untyped: fallback.description)
      #expect(read == fallback, "\(key.path)")
    }
  }

  @Test(
    "an empty file or empty groups set nothing", arguments: ["", "# note\n", "worker:\nindexes: ~\n"])
  func empty(_ text: String) throws {
    #expect(try load(text).loaded?.configuration == Configuration())
  }

  @Test("each layer wins over the one before, and each value names its origin")
  func layers() throws {
    let file = "worker:\n  concurrency: 2\n  lease: 40s\n  heartbeat: 5s\n"
    let environment = [
      "INGESTD_WORKER_LEASE": "50s", "INGESTD_WORKER_HEARTBEAT": "6s", "HOME": "/", "INGESTD_DATA": "d",
    ]
    let loaded = try #require(
      load(file, environment: environment, flags: ["worker.heartbeat": "7s"]).loaded)
    #expect(loaded.configuration.worker.concurrency == 2)
    #expect(loaded.configuration.worker.lease == .seconds(50))
    #expect(loaded.configuration.worker.heartbeat == .seconds(7))
    #expect(loaded.configuration.worker.shutdownGrace == .seconds(15))
    let listed = loaded.settings.filter { $0.path.hasPrefix("worker.") }
    let path = try #require(loaded.file)
    #expect(
      listed.map { "\($0.path) \($0.value ?? "-") \($0.origin)".replacing(path, with: "f") } == [
        "worker.concurrency 2 f:2", "worker.lease 50s environment INGESTD_WORKER_LEASE",
        "worker.heartbeat 7s flag worker.heartbeat", "worker.shutdown-grace 15s default",
      ])
  }

  @Test("every key can be set in a file, by its variable and by its flag, and sets its own value")
  func everyKey() throws {
    let common: [String: SettingValue] = [
      "embedders.mine.model": .text("m"), "embedders.mine.dimensions": .integer(8), "chunker.overlap": .integer(1),
    ]
    for key in ConfigurationKey.all where !key.isListed {
      let path = key.path(named: key.isNamed ? "mine" : nil)
      let value = path.hasSuffix(".cron") ? .text("0 3 * * *") : Self.sample(key)
      var settings = common
      if path.hasPrefix("schedules.") {
        if !["cron", "every", "at"].contains(where: { path.hasSuffix(".\($0)") }) {
          settings["schedules.mine.every"] = .text("9h")
        }
        settings[path.hasSuffix("sync") ? "schedules.mine.scan" : "schedules.mine.workflow"] = .text("report")
      }
      settings[path] = value
      if path.hasSuffix("heartbeat") { settings["worker.lease"] = .duration(.seconds(1000)) }
      if path.hasSuffix("lease") { settings["worker.heartbeat"] = .duration(.milliseconds(100)) }
      if path.hasSuffix("longest-wait") { settings["breaker.first-wait"] = .duration(.milliseconds(100)) }
      if path.hasSuffix("burst") { settings["sources.mine.throttle"] = .text("60/m") }
      if path.hasSuffix("maximum") { settings[path.replacing("maximum", with: "target")] = .integer(16) }
      let texts = settings.mapValues(\.description)
      let variables = Dictionary(
        uniqueKeysWithValues: texts.map { path, text in
          ("INGESTD_" + path.uppercased().replacing(".", with: "_").replacing("-", with: "_"), text)
        })
      for result in [try load(flags: texts), try load(environment: variables), try load(Self.yaml(texts))] {
        #expect(result.diagnostics == [], "\(path)")
        let listed = result.loaded?.settings.first { $0.path == path }
        #expect(listed?.value?.hasSuffix(value.description) == true, "\(path)")
        #expect(listed?.origin != .builtIn, "\(path)")
      }
    }
  }

  /// Returns a value that differs from the default.
  static func sample(_ key: ConfigurationKey) -> SettingValue {
    switch key.type {
    case .bool: .bool(true)
    case .integer(let range): .integer(min(range.upperBound, max(range.lowerBound, 17)))
    case .number(let range): .number(range.upperBound)
    case .text: .text("some text")
    case .choice(let names): .text(names.last ?? "")
    case .duration(let range): .duration(range.lowerBound + .milliseconds(300))
    case .retention: .text("forever")
    case .percentage: .number(0.07)
    case .size(let range): .size(range.lowerBound)
    case .name: .text("hash")
    case .label: .text("Some.name_1")
    case .rate: .text("7/2h burst 3")
    case .limitKey: .text("meta.team")
    case .path: .text("/tmp/x")
    case .address: .text("http://127.0.0.1:1/v1")
    case .variable: .text("MY_KEY")
    case .absolutePath: .text("/tmp/y")
    case .time: .text("2026-12-24T18:00:00.000Z")
    case .valuePath: .text("task.items")
    case .share: .text("95%")
    case .list(let element, _): .list([.text(element.expected)])
    case .map: .map([:])
    }
  }

  /// Returns the settings as a YAML file, in flow style so that no indentation is needed.
  private static func yaml(_ settings: [String: String]) -> String {
    func tree(_ settings: [[Substring]: String]) -> String {
      let groups = Dictionary(grouping: settings) { $0.key[0] }
      let entries = groups.map { name, members in
        if members.count == 1, members[0].key.count == 1 { return "\(name): \(members[0].value)" }
        let inner = members.map { (Array($0.key.dropFirst()), $0.value) }
        return "\(name): " + tree(Dictionary(uniqueKeysWithValues: inner))
      }
      return "{" + entries.joined(separator: ", ") + "}"
    }
    return tree(Dictionary(uniqueKeysWithValues: settings.map { ($0.key.split(separator: "."), $0.value) }))
  }

  @Test("all mistakes in all layers are reported together, with line, column and hint")
  func allMistakes() throws {
    let file = """
      workers: {}
      worker:
        concurency: 4
        lease: 1s
      concurrency: 4
      store: fast
      chunker: {target: 300, overlap: 200}
      parser:
        memory: 1MB
        memory: 2GiB
      default-embedder: locl
      embedders:
        local: {model: 3, api-key: sk-hunter2}
        Other: {}
        hash: {}
      """
    let diagnostics = try load(
      file, environment: ["INGESTD_WORKER_LEAS": "1s", "INGESTD_LOG_LEVEL": "loud"], flags: ["log.formt": "x"]
    ).diagnostics
    let expected = [
      "f:1:1: there is no key \"workers\" (did you mean worker?)",
      "f:3:3: there is no key \"worker.concurency\" (did you mean concurrency?)",
      "f:4:10: a heartbeat every 10s is too slow for a lease of 1s (worker.heartbeat must be at most half of worker.lease)",
      "f:5:1: there is no key \"concurrency\" (did you mean worker.concurrency?)",
      "f:6:8: store must be a mapping, found the text \"fast\" (use one of synchronous, busy-timeout)",
      "f:7:19: chunker has a target of 300 tokens and a maximum of 256 (target must be at most maximum)",
      "f:7:33: chunker has an overlap of 200 tokens and a target of 300 (overlap must be at most half of target)",
      "f:9:11: parser.memory: expected a size such as 512MiB or 10MB, from 64MiB to 64GiB, found the text \"1MB\"",
      "f:10:3: the key \"memory\" is given twice (it was first given on line 9)",
      "f:11:19: default-embedder: there is no embedder called \"locl\" (did you mean local?)",
      "f:13:3: embedders.local needs dimensions (a whole number from 1 to 65536)",
      "f:13:18: embedders.local.model: expected text of at most 200 characters, found the number 3"
        + " (put it in quotes: \"3\")",
      "f:13:21: embedders.local.api-key would put a secret into this file"
        + " (name its variable in api-key-env, or its file in api-key-file)",
      "f:14:3: \"Other\" is not a valid name in embedders (a name of 1 to 64 characters out of a-z, 0-9 and -)",
      "f:15:3: the embedder hash is built in (choose another name)",
      "INGESTD_LOG_LEVEL: log.level: expected error, warning, info or debug, found the text \"loud\"",
      "INGESTD_WORKER_LEAS: no configuration key has this variable (did you mean INGESTD_WORKER_LEASE?)",
      "flag log.formt: there is no such key (did you mean log.format?)",
    ]
    #expect(diagnostics == expected)
    #expect(!diagnostics.joined().contains("hunter2"))
  }

  @Test("a variable sets an embedder that the file declared, or declares its own")
  func namedVariables() throws {
    let file = "embedders: {my-model: {model: a, dimensions: 4}}\n"
    let environment = [
      "INGESTD_EMBEDDERS_MY_MODEL_MODEL": "b", "INGESTD_EMBEDDERS_X_MODEL": "c", "INGESTD_EMBEDDERS_X_DIMENSIONS": "3",
      "INGESTD_INDEXES_DOCS_CHUNKER_TARGET": "100", "INGESTD_INDEXES_DOCS_EMBEDDER": "x",
    ]
    let configuration = try #require(load(file, environment: environment).loaded).configuration
    #expect(configuration.embedder("my-model")?.model == "b")
    #expect(configuration.embedder("my-model")?.dimensions == 4)
    #expect(configuration.embedderNames == ["hash", "my-model", "x"])
    #expect(configuration.embedderName(forIndex: "docs") == "x")
    #expect(configuration.embedderName(forIndex: "other") == "hash")
    #expect(configuration.chunker(forIndex: "docs") == ChunkerSettings(target: 100))
    #expect(configuration.chunker(forIndex: "other") == ChunkerSettings())
  }

  @Test("no two keys share a variable, and none uses a variable that is read elsewhere")
  func variables() {
    let names =
      ConfigurationKey.all.filter { !$0.isListed }.map { $0.variable(named: $0.isNamed ? "x" : nil) }
      + ["INGESTD_LIMITS"] + Configuration.otherVariables
    #expect(Set(names).count == names.count)
  }

  @Test("a secret is shown as stars and occurs in no listing")
  func secrets() throws {
    let file = "embedders: {a: {model: m, dimensions: 4, api-key-env: INGESTD_EMBEDDERS_A_API_KEY}}\n"
    let environment = ["INGESTD_EMBEDDERS_A_API_KEY": "hunter2"]
    let loaded = try #require(load(file, environment: environment).loaded)
    let listed = loaded.settings.first { $0.path == "embedders.a.api-key" }
    #expect(listed?.value == "***")
    #expect(!"\(loaded)".contains("hunter2"))
    #expect(try load(file).loaded?.settings.first { $0.path == "embedders.a.api-key" }?.value == nil)
    #expect(
      try load(environment: environment).diagnostics == [
        "INGESTD_EMBEDDERS_A_API_KEY: no embedder reads its key from this variable"
          + " (set INGESTD_EMBEDDERS_A_API_KEY_ENV=INGESTD_EMBEDDERS_A_API_KEY, or api-key-env in the file)"
      ])
    let both = "embedders: {a: {model: m, dimensions: 4, api-key-env: A, api-key-file: b}}\n"
    #expect(try load(both).diagnostics.first?.hasPrefix("f:1:72: embedders.a has both") == true)
  }

  @Test("a path in the file is relative to the file's folder; a path from elsewhere stays as it is")
  func paths() throws {
    let folder = FileManager.default.temporaryDirectory.path
    #expect(try load("workflows-folder: flows\n").loaded?.configuration.workflowsFolder == folder + "/flows")
    #expect(try load("workflows-folder: /flows\n").loaded?.configuration.workflowsFolder == "/flows")
    #expect(try load(flags: ["workflows-folder": "flows"]).loaded?.configuration.workflowsFolder == "flows")
  }

  @Test("a missing file and an unreadable file are reported as such")
  func files() {
    #expect(refusal { try Configuration.load(file: "/nonexistent/x.yaml") }?.code == "CONFIG_NOT_FOUND")
    #expect(refusal { try Configuration.load(file: "/tmp") }?.code == "CONFIG_UNREADABLE")
  }

  @Test("as a failure it has every mistake as a cause")
  func failure() {
    let failure = refusal { try Configuration.load(flags: ["a.b": "1", "c.d": "2"]) }
    #expect(failure?.code == "CONFIG_INVALID")
    #expect(failure?.category == .invalid)
    #expect(failure?.message == "The configuration has 2 mistakes.")
    #expect(failure?.causes.map(\.message) == ["flag a.b: there is no such key", "flag c.d: there is no such key"])
  }
}
