import IngestCore
import IngestOperations
import IngestStore
import IngestTestKit
import Testing

@Suite("Operations on dead letters")
struct DeadOperationsTests {
  @Test("a change needs ids or a filter, and not both")
  func choice() async throws {
    let it = try await OperationsFixture()
    let dead = try await it.dead("a")
    for dryRun in [true, false] {
      #expect(
        await code { _ = try await it.operations.purge(DeadLetterQuery(), dryRun: dryRun) } == "DEAD_SELECTION_MISSING")
      #expect(
        await code {
          _ = try await it.operations.redrive(DeadLetterQuery(ids: [dead.rawValue], isAll: true), dryRun: dryRun)
        } == "DEAD_SELECTION_TWICE")
      #expect(
        await code {
          _ = try await it.operations.purge(DeadLetterQuery(code: "OTHER", isQuarantined: true), dryRun: dryRun)
        } == "DEAD_SELECTION_TWICE")
    }
    #expect(try await it.store.dead(JobFilter()).count == 1)
  }

  @Test("an unknown id stops a purge before anything is purged, also in a dry run")
  func unknownID() async throws {
    let it = try await OperationsFixture()
    let dead = try await it.dead("a")
    for dryRun in [true, false] {
      #expect(
        await code {
          _ = try await it.operations.purge(DeadLetterQuery(ids: [dead.rawValue, "01ZZZZZZ"]), dryRun: dryRun)
        } == "DEAD_NOT_FOUND")
    }
    #expect(try await it.store.dead(JobFilter()).count == 1)
  }

  @Test("a dry run of a redrive decides as the redrive does")
  func dryRedrive() async throws {
    let it = try await OperationsFixture()
    _ = try await it.dead("a")
    _ = try await it.dead("b")
    let query = DeadLetterQuery(isAll: true)
    let would = try await it.operations.redrive(query, dryRun: true)
    #expect(try await it.store.dead(JobFilter()).count == 2)
    let did = try await it.operations.redrive(query, dryRun: false)
    #expect(would.counts == did.counts)
    #expect(would.lines.map(\.id) == did.lines.map(\.id))
    #expect(try await it.store.dead(JobFilter()).isEmpty)
  }

  @Test(
    "an export skips a letter that is purged meanwhile, but fails if the letter was named", arguments: [false, true])
  func exportRace(isNamed: Bool) async throws {
    let it = try await OperationsFixture()
    let ids = [try await it.dead("a"), try await it.dead("b")]
    let query = isNamed ? DeadLetterQuery(ids: ids.map(\.rawValue)) : DeadLetterQuery(isAll: true)
    var letters = try await it.operations.exportDead(query).makeAsyncIterator()
    let first = try #require(try await letters.next()).letter.id
    _ = try await it.store.purge(JobFilter(ids: ids.filter { $0.rawValue != first }), actor: "test")
    var rest = letters
    if isNamed {
      #expect(await code { _ = try await rest.next() } == "DEAD_NOT_FOUND")
    } else {
      #expect(try await rest.next() == nil)
    }
  }

  @Test("the quarantine of a content is lifted with six characters of its hash, not fewer")
  func lift() async throws {
    let it = try await OperationsFixture()
    let known = ["abcdef12", "abcdef34", "bcdefa56"].map {
      QuarantinedContent(
        content: $0, deaths: 3, quarantined: true, changedAt: it.base.clock.now, uri: nil, documents: 1)
    }
    #expect(
      await code { _ = try await it.operations.liftQuarantine("bcdef", among: known) } == "CONTENT_NOT_QUARANTINED")
    #expect(await code { _ = try await it.operations.liftQuarantine("abcdef", among: known) } == "CONTENT_AMBIGUOUS")
    let lifted = try await it.operations.liftQuarantine("BCDEFA", among: known)
    #expect(lifted.content.rawValue == "bcdefa56")
    #expect(!lifted.lifted)
  }
}
