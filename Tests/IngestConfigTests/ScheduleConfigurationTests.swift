import FoundationEssentials
import IngestApp
import IngestConfig
import IngestCore
import Testing

@Suite("Schedules in the configuration")
struct ScheduleConfigurationTests {
  private func load(_ text: String) throws -> (configuration: Configuration?, diagnostics: [String]) {
    let path = FileManager.default.temporaryDirectory.path + "/schedules-\(UUID().uuidString).yaml"
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    do throws(ConfigurationError) {
      return (try Configuration.load(file: path).configuration, [])
    } catch {
      guard case .invalid(let diagnostics) = error else { throw error }
      return (nil, diagnostics.map { $0.description.replacing(path, with: "f") })
    }
  }

  @Test("a schedule is read, with defaults for what it leaves out")
  func read() throws {
    let text = """
      schedules:
        nightly: {cron: 30 2 * * mon-fri, zone: Europe/Berlin, scan: /srv/handbook, sync: true, overlap: queue-one}
        feed:
          every: 15m
          workflow: fetch
          task: '{"days": 1}'
      """
    let schedules = try #require(load(text).configuration).schedules
    let nightly = try #require(schedules["nightly"])
    #expect((nightly.cron, nightly.zone, nightly.scan) == ("30 2 * * mon-fri", "Europe/Berlin", "/srv/handbook"))
    #expect((nightly.sync, nightly.overlap, nightly.workflow) == (true, .queueOne, nil))
    let feed = try #require(schedules["feed"])
    #expect((feed.every, feed.workflow, feed.task) == (.seconds(900), "fetch", #"{"days": 1}"#))
    #expect((feed.overlap, feed.catchUp, feed.jitter, feed.index) == (.skip, .seconds(3600), .zero, "docs"))
  }

  @Test("a schedule's run has the index, source and task that the file gives, and none with no-index")
  func runs() throws {
    let text = """
      schedules:
        plain: {every: 1h, workflow: report, no-index: true, source: feed, task: '{"days": 1}', priority: 3}
        indexed: {every: 1h, workflow: fetch, index: wiki}
        nightly: {every: 1d, scan: /srv/handbook, index: wiki, sync: true}
      """
    let schedules = try #require(load(text).configuration).schedules
    let plain = try #require(schedules["plain"]).spec.run
    #expect(plain.index == nil)
    #expect((plain.workflow, plain.source, plain.task, plain.priority) == ("report", "feed", #"{"days": 1}"#, 3))
    #expect(try schedules["indexed"]?.spec.run.index == "wiki")
    let scan = try #require(schedules["nightly"]).spec.run
    #expect(scan.index == "wiki" && scan.workflow == ScanTask.workflow && scan.task.contains(#""sync":true"#))
  }

  @Test("no-index is refused beside an index or a scan", arguments: ["index: wiki, workflow: w", "scan: /x"])
  func noIndexBeside(_ other: String) throws {
    let diagnostics = try load("schedules:\n  mine: {every: 1m, no-index: true, \(other)}\n").diagnostics
    #expect(diagnostics.count == 1 && diagnostics.first?.contains("no-index") == true)
  }

  @Test(
    "an impossible schedule is reported with its place",
    arguments: [
      ("{every: 1m, at: 2026-01-01T00:00:00Z, workflow: w}", "has both every and at"),
      ("{workflow: w}", "never ticks"),
      ("{every: 1m}", "runs nothing"),
      ("{cron: 61 * * * *, workflow: w}", "minute is 61"),
      ("{cron: 0 0 30 2 *, workflow: w}", "none of its months has such a day"),
      ("{every: 0s, workflow: w}", "1s"),
      ("{every: 1m, scan: /x, task: '{}'}", "has both scan and task"),
      ("{every: 1m, workflow: w, sync: true}", "has sync but no scan"),
      ("{every: 1m, workflow: w, overlap: queue-two}", "queue-one"),
      ("{every: 1m, workflow: w, timezone: UTC}", "there is no key"),
    ])
  func mistakes(_ schedule: String, _ expected: String) throws {
    let diagnostics = try load("schedules:\n  mine: \(schedule)\n").diagnostics
    #expect(diagnostics.count == 1)
    #expect(diagnostics.first?.hasPrefix("f:2:") == true)
    #expect(diagnostics.first?.contains(expected) == true, "\(diagnostics)")
  }
}
