import IngestCLI
import IngestCore
import Testing

@Suite("Actions")
struct ActionTests {
  @Test("every action is a command", arguments: Action.Name.allCases)
  func isCommand(name: Action.Name) {
    let path = name.rawValue.split(separator: " ").map(String.init)
    guard case .command? = CommandTree.standard.node(path) else {
      Issue.record("no command is called '\(name.rawValue)'")
      return
    }
  }

  @Test("an action reads as the command that a user types")
  func commandLine() {
    let verify = Action(.indexVerify, "docs", with: ["generation": "3", "repair": nil])
    #expect(verify.commandLine == "ingestd index verify docs --generation 3 --repair")
    #expect(Action(.search, with: ["h": nil]).commandLine == "ingestd search -h")
    #expect(Hint("See \(Action(.status)).").commandLine == "See `ingestd status`.")
    let hint: Hint = "Give \(option: "for", "10m"), or \(option: "k")."
    #expect(hint.commandLine == "Give --for 10m, or -k.")
  }
}
