import Foundation
import IngestTestKit
import Testing

/// Commands with all their output and exit statuses, compared with a recording. Users and scripts rely on these.
///
/// `RECORD_STORY=1` rewrites the recordings. Read the difference before you commit it: each changed line is a change
/// for users.
@Suite("Recorded stories")
struct StoryTests {
  @Test("each command of a story prints what is in its recording", arguments: Story.all)
  func sameAsRecorded(_ story: Story) async throws {
    var run = try StoryRun()
    try await run.run(story)
    let url = URL(fileURLWithPath: story.recording)
    if ProcessInfo.processInfo.environment["RECORD_STORY"] == "1" {
      try Data(run.recording.text.utf8).write(to: url)
      return
    }
    // Passes through the text form, as the recording did.
    let got = Recording(run.recording.text).entries
    let expected = Recording(try String(contentsOf: url, encoding: .utf8)).entries
    #expect(got.count == expected.count, "the script has other commands than its recording; record it again")
    for (entry, expected) in zip(got, expected) {
      if let difference = entry.difference(from: expected) { Issue.record("\(story.name): \(difference)") }
    }
  }

  @Test("a difference names the command, the lines and the first place")
  func difference() {
    let expected = Recording.Entry(
      group: "", command: "ingestd status", status: 0, output: "{\"queued\":1}\n{\"same\":2}\n", error: "")
    var got = expected
    #expect(got.difference(from: expected) == nil)
    got.status = 1
    got.output = "{\"queued\":2}\n{\"same\":2}\n"
    let text = got.difference(from: expected) ?? ""
    #expect(text.contains("$ ingestd status\nexit status: expected 0, got 1\noutput:\n"))
    #expect(text.contains("- {\"queued\":1}\n  + {\"queued\":2}\n") && !text.contains("- {\"same\""))
  }

  @Test("ids keep their identity, chosen times stay, and a table's columns do not depend on ages")
  func normalised() throws {
    let normalise = try Normaliser(names: ["/tmp/x": "<folder>"])
    let ids = ["01M8HF3144FWZF2XEH1DYNPT6D", "01M8HF3146HQCQ8JWZDQ9KW6ZM"]
    #expect(normalise("\(ids[0]) \(ids[1])-1-0 \(ids[0])", isJSON: true) == "<id 1> <id 2>-1-0 <id 1>")
    #expect(normalise("\"\(ids[1])\"", isJSON: true) == "\"<id 2>\"")
    #expect(normalise("2026-11-28T16:16:23.171Z 2099-01-01T00:00:00Z", isJSON: true) == "<time> 2099-01-01T00:00:00Z")
    #expect(normalise("a    1 s ago  /tmp/x/b", isJSON: false) == normalise("a        now  /tmp/x/b", isJSON: false))
    #expect(normalise("\"took_ms\":5.6,\"timeout_ms\":1000", isJSON: true) == "\"took_ms\":<ms>,\"timeout_ms\":1000")
  }
}
