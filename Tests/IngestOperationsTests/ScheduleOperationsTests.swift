import IngestCore
import IngestOperations
import IngestStore
import IngestTestKit
import Testing

@Suite("Operations on schedules")
struct ScheduleOperationsTests {
  private func request(_ name: String = "nightly") -> ScheduleRequest {
    var request = ScheduleRequest(name: name)
    request.timing = .every(.seconds(3600))
    request.workflow = "ingest"
    return request
  }

  @Test("a schedule that never runs, or runs nothing, is refused before a data folder is needed")
  func empty() {
    var request = request()
    request.timing = nil
    #expect(throws: Failure.self) { try request.check() }
    request = self.request()
    request.workflow = nil
    #expect(throws: Failure.self) { try request.check() }
    request = self.request()
    request.sync = true
    #expect(throws: Failure.self) { try request.check() }
  }

  @Test("a dry run refuses what the command refuses")
  func dryRunRefusesAlike() async throws {
    let it = try await OperationsFixture()
    _ = try await it.operations.addSchedule(request("taken"))
    var unknownIndex = request()
    unknownIndex.index = "nope"
    var unknownWorkflow = request()
    unknownWorkflow.workflow = "nope"
    for (request, expected) in [
      (request("taken"), "SCHEDULE_EXISTS"), (unknownIndex, "INDEX_NOT_FOUND"),
      (unknownWorkflow, "WORKFLOW_NOT_FOUND"),
    ] {
      #expect(await code { _ = try await it.operations.previewSchedule(request) } == expected)
      #expect(await code { _ = try await it.operations.addSchedule(request) } == expected)
    }
    let preview = try await it.operations.previewSchedule(request())
    #expect(preview.next.count == 5)
    #expect(try await it.operations.listSchedules().map(\.schedule) == ["taken"])
  }

  @Test("the first schedule creates the index docs, and its dry run does not")
  func implicitIndex() async throws {
    let it = try await OperationsFixture(index: false)
    _ = try await it.operations.previewSchedule(request())
    #expect(try await it.store.indexNames().isEmpty)
    _ = try await it.operations.addSchedule(request())
    #expect(try await it.store.indexNames() == ["docs"])
  }

  @Test("a manual run first applies the schedules and limits of the configuration")
  func takesOver() async throws {
    var it = try await OperationsFixture()
    #expect(await code { _ = try await it.operations.runSchedule("configured") } == "SCHEDULE_NOT_FOUND")
    it.settings.configured = [
      "configured": ScheduleSpec(timing: "every 1h", run: ScheduledRun(workflow: "ingest", source: "feed"))
    ]
    it.settings.configuredFlow = ConfiguredFlow(
      limits: [], sources: [.init(name: "feed", weight: 3)], fingerprint: "with a weight")
    guard case .started(let job) = try await it.operations.runSchedule("configured") else {
      Issue.record("nothing was started")
      return
    }
    #expect(try await it.store.job(job).source == "feed")
    #expect(try await it.store.sources(SourceFilter(names: ["feed"])).first?.weight == 3)
  }

  @Test("a configured schedule without an index starts jobs without one")
  func configuredWithoutIndex() async throws {
    var it = try await OperationsFixture(index: false)
    it.settings.configured = [
      "report": ScheduleSpec(timing: "every 1h", run: ScheduledRun(workflow: "report", index: nil))
    ]
    it.workflows.workflows.append(StoreFixture.workflow("report"))
    try await it.operations.takeOverSchedules()
    #expect(try await it.operations.schedule("report").index == nil)
    #expect(try await it.store.indexNames().isEmpty)
    guard case .started(let job) = try await it.operations.runSchedule("report") else {
      Issue.record("nothing was started")
      return
    }
    #expect(try await it.store.job(job).index == nil)
  }

  @Test("a schedule is paused, resumed and removed by its name")
  func changes() async throws {
    let it = try await OperationsFixture()
    _ = try await it.operations.addSchedule(request())
    #expect(try await it.operations.pauseSchedule("nightly"))
    #expect(try await !it.operations.pauseSchedule("nightly"))
    #expect(try await it.operations.schedule("nightly").next.isEmpty)
    #expect(try await it.operations.resumeSchedule("nightly"))
    #expect(try await it.operations.schedule("nightly").next.count == 5)
    #expect(try await it.operations.listSchedules().map(\.next.count) == [1])
    try await it.operations.removeSchedule("nightly")
    #expect(await code { _ = try await it.operations.schedule("nightly") } == "SCHEDULE_NOT_FOUND")
  }
}
