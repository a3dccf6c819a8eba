import Foundation
import IngestCore
import IngestSQL
import IngestStore
import IngestTestKit
import Testing

/// Every transition is committed and reported as unknown, then made again.
/// This runs on SQLite alone, because its connection can hide commits and change statements.
@Suite("Lost acknowledgements of committed transitions")
struct LostAcknowledgementTests {
  @Test("a repeated transition does nothing twice", arguments: LostAcknowledgement.all)
  func again(_ transition: LostAcknowledgement) async throws {
    let (once, commits) = try await run(transition, hiding: nil)
    #expect(commits > 0)
    for hidden in 0..<commits {
      let (twice, _) = try await run(transition, hiding: hidden)
      var found = twice.differences(from: once)
      if case .differs(let tables) = transition.again { found = found.filter { !tables.contains($0.key) } }
      #expect(found.isEmpty, "commit \(hidden) of \(commits)")
    }
  }

  private func run(
    _ transition: LostAcknowledgement, hiding hidden: Int?, _ injection: (@Sendable (String?, String) -> String)? = nil
  ) async throws -> (contents: StoreContents, commits: Int) {
    let commits = HiddenCommits()
    var faults = commits.faults
    faults.statement = injection
    let it = try await StoreFixture(faults: faults)
    let act = try await transition.prepare(it)
    commits.hide(hidden)
    if hidden != nil {
      do {
        try await act()
        // `leave`, the end of a call to a dependency, reports no errors.
        if transition.name != "leave" { Issue.record("no error was thrown") }
      } catch let failure as Failure {
        #expect(failure.code == "OUTCOME_UNKNOWN")
      }
      commits.hide(nil)
      do {
        if let then = transition.then { try await then(it) } else { try await act() }
        if case .refused = transition.again { Issue.record("it was not refused") }
      } catch let failure as Failure {
        guard case .refused(let code) = transition.again else { throw failure }
        #expect(failure.code == code)
      } catch is LeaseLost {
        guard case .leaseLost = transition.again else { throw LeaseLost() }
      }
    } else {
      try await act()
    }
    let seen = commits.seen
    let counters = try await it.store.counterProblems()
    #expect(counters.isEmpty)
    let contents = try await StoreContents(it.database)
    await it.database.close()
    return (contents, seen)
  }

  @Test("every table of the schema is compared")
  func tables() async throws {
    let it = try await StoreFixture()
    let missing = try await StoreContents.missing(it.database)
    #expect(missing.isEmpty)
  }

  @Test("every transition of the store is in the list")
  func complete() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources/IngestStore")
    var found: Set<String> = []
    let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    for case let file as URL in files where file.pathExtension == "swift" {
      var function = ""
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
        if let name = line.firstMatch(of: /func ([A-Za-z]+)/)?.1 { function = String(name) }
        if line.contains(/\bwrite(?: \{|\(\{)/), function != "write" { found.insert(function) }
      }
    }
    let listed = Set(LostAcknowledgement.all.map { String($0.name.prefix { $0 != " " }) })
    #expect(found.subtracting(listed).subtracting(LostAcknowledgement.parts.keys) == [])
    #expect(listed.subtracting(found).subtracting(LostAcknowledgement.parts.values.flatMap(\.self)) == [])
    #expect(found.count > 40)
  }

  @Test("the comparison finds a transition that is done twice")
  func injected() async throws {
    let twice = LostAcknowledgement("submit", then: { it in try await it.submit(1, from: 1) }) { it in
      { try await it.submit(1) }
    }
    let (before, commits) = try await run(twice, hiding: nil)
    let (after, _) = try await run(twice, hiding: commits - 1)
    #expect(Set(after.differences(from: before).keys).isSuperset(of: ["jobs", "documents", "sources", "journal"]))
  }

  @Test("the comparison finds a second count when a job is marked as failing twice")
  func injectedBug() async throws {
    let markFailing = try #require(LostAcknowledgement.all.first { $0.name == "markFailing" })
    let injection: @Sendable (String?, String) -> String = { name, text in
      name == "mark-failing.is-failing" ? text.replacing("SELECT fatal IS NOT NULL", with: "SELECT 0") : text
    }
    let (once, _) = try await run(markFailing, hiding: nil, injection)
    let (twice, _) = try await run(markFailing, hiding: 0, injection)
    #expect(twice.differences(from: once)["attempts"] != nil)
  }
}
