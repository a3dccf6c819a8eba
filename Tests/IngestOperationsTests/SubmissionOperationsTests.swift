import Glibc
import IngestCore
import IngestIntake
import IngestOperations
import IngestTestKit
import Testing

@Suite("Submitting and deleting documents")
struct SubmissionOperationsTests {
  private let options = SubmitOptions(index: "docs", source: "default")

  private func fixture() async throws -> (OperationsFixture, folder: String) {
    let it = try await OperationsFixture()
    mkdir(it.base.folder.file("files"), 0o700)
    try it.base.folder.write("first", to: "files/a.md")
    try it.base.folder.write("second", to: "files/b.md")
    return (it, it.base.folder.file("files"))
  }

  @Test("a folder is submitted with its counts and jobs, and again without a change")
  func folder() async throws {
    let (it, folder) = try await fixture()
    var lines = 0
    let first = try await it.operations.submit([folder], SelectionOptions(), options) { lines += $0.count }
    #expect(first.tally.accepted == 2 && first.tally.refusal == nil && first.jobs.count == 2 && lines == 2)
    let again = try await it.operations.submit([folder], SelectionOptions(), options) { _ in }
    #expect(again.tally.duplicate == 2 && again.tally.accepted == 0 && again.jobs == first.jobs)
  }

  @Test("a dry run counts what it would submit, and needs no index")
  func dryRun() async throws {
    let (it, folder) = try await fixture()
    var dry = SubmitOptions(index: "none", source: "default")
    dry.isDryRun = true
    let plan = try await it.operations.submit([folder], SelectionOptions(), dry) { _ in }
    #expect(plan.tally.planned == 2 && plan.jobs.isEmpty && !plan.tally.foundNothing)
    #expect(try await it.operations.documents(DocumentFilter(index: "docs")).isEmpty)
    dry.isDryRun = false
    #expect(
      await code { _ = try await it.operations.submit([folder], SelectionOptions(), dry) { _ in } }
        == "INDEX_NOT_FOUND")
  }

  @Test("a sync deletes the documents whose file vanished, and takes one folder only")
  func sync() async throws {
    let (it, folder) = try await fixture()
    _ = try await it.operations.submit([folder], SelectionOptions(), options) { _ in }
    unlink(folder + "/b.md")
    let sync = FolderSync(allowsEmpty: false)
    var dry = options
    dry.isDryRun = true
    let plan = try await it.operations.submit([folder], SelectionOptions(), dry, sync: sync) { _ in }
    #expect(plan.tally.deleted == 1 && plan.tally.accepted == 0)
    #expect(try await !it.operations.document(folder + "/b.md", index: "docs", source: nil).deleted)
    let synced = try await it.operations.submit([folder], SelectionOptions(), options, sync: sync) { _ in }
    #expect(synced.tally.deleted == 1 && synced.tally.duplicate == 1)
    #expect(try await it.operations.document(folder + "/b.md", index: "docs", source: nil).deleted)
    #expect(
      await code {
        _ = try await it.operations.submit([folder, folder], SelectionOptions(), options, sync: sync) { _ in }
      } == "SYNC_NEEDS_FOLDER")
  }

  @Test("options that contradict each other are refused before a data folder is needed")
  func contradictions() async throws {
    let now = ManualClock().now
    var many = options
    many.key = "k"
    #expect(await code { try many.check(paths: 2, now: now) } == "KEY_FOR_MANY")
    try many.check(paths: 1, now: now)
    var life = options
    life.keyLife = .seconds(60)
    #expect(await code { try life.check(paths: 1, now: now) } == "KEY_MISSING")
    var longest = options
    longest.debounceLongest = .seconds(60)
    #expect(await code { try longest.check(paths: 1, now: now) } == "DEBOUNCE_MISSING")
    longest.debounce = .seconds(61)
    #expect(await code { try longest.check(paths: 1, now: now) } == "DEBOUNCE_INVALID")
    var start = WorkflowStart(workflow: "w")
    start.keyLife = .seconds(60)
    #expect(await code { try start.check(now: now) } == "KEY_MISSING")
    start.idempotencyKey = "k"
    start.input = "no"
    #expect(await code { try start.check(now: now) } == "INPUT_INVALID")
    start.input = "{}"
    start.notBefore = now + .seconds(3654 * 86_400)
    #expect(await code { try start.check(now: now) } == "START_TOO_FAR")
  }

  @Test("a deletion names what it could not find and deletes the others, regardless of the rate limits on submits")
  func delete() async throws {
    let (it, folder) = try await fixture()
    _ = try await it.operations.submit([folder], SelectionOptions(), options) { _ in }
    var settings = SourceSettings(source: "default")
    settings.rateLimit = .set(try RateSpec("1/4h"))
    try await it.operations.set(settings)
    var outcomes: [String] = []
    let report = try await it.operations.delete(
      [folder + "/a.md", "nope", folder + "/b.md"], source: "default", index: "docs"
    ) { line in
      switch line.outcome {
      case .answered(let receipt): outcomes.append(receipt.outcome.rawValue)
      case .refused(let failure): outcomes.append(failure.code)
      case .planned, .vanished, .skipped: outcomes.append("other")
      }
    }
    #expect(outcomes == ["accepted", "DOCUMENT_NOT_FOUND", "accepted"])
    #expect(report.jobs.count == 2 && report.refusal?.category == .notFound)
  }
}
