import IngestCore
import IngestOperations
import IngestStore
import IngestTestKit
import Testing

@Suite("Operations on workflows")
struct WorkflowOperationsTests {
  @Test("nothing is paused if one of the names is unknown")
  func pauseUnknown() async throws {
    let it = try await OperationsFixture()
    #expect(await code { _ = try await it.operations.pauseWorkflows(["ingest", "nope"]) } == "WORKFLOW_NOT_FOUND")
    #expect(try await it.operations.pauses().workflows.isEmpty)
    #expect(try await it.operations.pauseWorkflows(["ingest"]).map(\.changed) == [true])
    #expect(try await it.operations.pauseWorkflows(["ingest"]).map(\.changed) == [false])
  }

  @Test("a workflow without a file is still known if jobs use it")
  func knownByJobs() async throws {
    var it = try await OperationsFixture()
    _ = try await it.submit("a")
    it.workflows.workflows = []
    #expect(try await it.operations.pauseWorkflows(["ingest"]).map(\.changed) == [true])
    #expect(try await it.operations.resumeWorkflow("ingest"))
    #expect(await code { _ = try await it.operations.resumeWorkflow("nope") } == "WORKFLOW_NOT_FOUND")
  }
}
