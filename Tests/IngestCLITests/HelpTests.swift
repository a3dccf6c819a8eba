import Foundation
import IngestChaosCommand
import IngestCLI
import IngestCore
import Testing

@Suite("Help")
struct HelpTests {
  private static let paths: [[String]] =
    [[], ["nothing"]] + CommandTree.withChaos.specs.map(\.path)
    + CommandTree.withChaos.groups.map { [$0.name] }

  @Test("every help fits 80 columns and ends its lines without spaces", arguments: paths)
  func width(_ path: [String]) {
    for line in HelpText(tree: .withChaos).text(path).split(separator: "\n", omittingEmptySubsequences: false) {
      #expect(String(line).columns <= 80, "\(line)")
      #expect(line.last != " ", "\(line)")
    }
  }

  @Test("every command of the main task is declared with an example, and every group of commands is explained")
  func complete() {
    let names = Set(CommandTree.withChaos.specs.map(\.name))
    for (group, words) in [
      "": "submit delete worker status parse search doctor migrate config completion",
      "job": "run list show wait cancel retry",
      "document": "list show text chunks", "dead": "list show redrive purge",
      "index": "list create show build swap rollback verify history gc",
      "workflow": "list show validate graph pause resume",
      "schedule": "list show add run pause resume remove",
      "source": "list show set pause resume",
    ] {
      for word in words.split(separator: " ") {
        #expect(names.contains(group.isEmpty ? String(word) : "\(group) \(word)"))
      }
      #expect(group.isEmpty || CommandTree.withChaos.groups.contains { $0.name == group })
    }
    #expect(CommandTree.withChaos.specs.count == names.count)
    for spec in CommandTree.withChaos.specs {
      #expect(!spec.examples.isEmpty, "\(spec.name)")
      #expect(!spec.summary.hasSuffix("."), "\(spec.name)")
    }
  }

  @Test("every example is understood by the parser it documents")
  func examples() throws {
    for spec in CommandTree.withChaos.specs {
      for example in spec.examples {
        guard let start = example.command.range(of: "ingestd ") else { continue }
        let line = example.command[start.upperBound...].prefix { !"|>)".contains($0) }
        var words: [String] = []
        for (position, piece) in line.split(separator: "'", omittingEmptySubsequences: false).enumerated() {
          words += position % 2 == 1 ? [String(piece)] : piece.split(separator: " ").map(String.init)
        }
        guard case .command(let command, _) = try ArgumentParser(tree: .withChaos).parse(words) else {
          Issue.record("\(example.command) is no command")
          continue
        }
        #expect(command.spec.name == spec.name)
      }
    }
  }

  @Test("no two parameters of a command share a name, and what excludes each other exists")
  func names() {
    for spec in CommandTree.withChaos.specs {
      let names = spec.parameters.flatMap(\.names) + GlobalOptions.all.flatMap(\.names)
      #expect(Set(names).count == names.count, "\(spec.name)")
      for option in spec.exclusive.joined() { #expect(names.contains(option), "\(spec.name) \(option)") }
      // Only the last positional can take all that remains.
      #expect(spec.arguments.dropLast().allSatisfy { !$0.repeats }, "\(spec.name)")
    }
  }

  @Test("a command's help shows its usage, defaults, variables and examples")
  func content() {
    let text = HelpText(tree: .withChaos).text(["search"]).split { $0.isWhitespace }.joined(separator: " ")
    #expect(text.contains("Usage: ingestd search QUERY … [--index NAME] [--count N]"))
    #expect(text.contains("-k, --count N"))
    #expect(text.contains("One of hybrid, vector, keyword. [default: hybrid]"))
    #expect(text.contains("[or $INGESTD_DATA; default: ./.ingestd]"))
    #expect(text.contains("ingestd search 'how do I rotate keys' -k 3"))
  }
}
