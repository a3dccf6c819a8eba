import IngestApp
import IngestCLI
import IngestCore

/// Commands that exist only for the tests of the framework.
enum SampleCommand: Command {
  enum Colour: String, Sendable, CaseIterable { case red, green }

  static let words = Parameter(arguments: .text("WORD"), required: false, summary: "Words.")
  static let count = Parameter(option: "--count", "-k", type: .integer("N", 1...10), default: 5, summary: "A number.")
  static let wait = Parameter(option: "--wait", type: .duration("TIME"), summary: "A duration.")
  static let at = Parameter(option: "--at", type: .time("TIME"), summary: "A time.")
  static let since = Parameter(option: "--since", type: .moment("TIME"), summary: "A moment.")
  static let size = Parameter(option: "--size", type: .size("SIZE"), default: 65_536, summary: "A size.")
  static let colour = Parameter(option: "--colour", type: ValueType<Colour>.choice("C"), default: .red, summary: "One.")
  static let meta = Parameter(repeated: "--meta", type: .keyValue("K=V"), summary: "Pairs.")
  static let force = Parameter(flag: "--force", "-f", summary: "A flag.")

  static let spec = CommandSpec(
    "do things", "Does things", section: .work, data: .none,
    parameters: [
      words.spec, count.spec, wait.spec, at.spec, since.spec, size.spec, colour.spec, meta.spec, force.spec,
    ],
    exclusive: [["--wait", "--at"]], examples: [])

  static func run(_ context: CommandContext) async throws {
    switch context[words].first {
    case "partly": throw ExitStatus.failed
    case "refuse":
      throw Failure(.permanent, code: "NO", "It was refused.", hint: "ask again", category: .refused)
    case "flood":
      for number in 0..<100_000 { try context.console.line("line \(number)") }
    default:
      try context.console.line("did \(context[words].joined(separator: ","))")
      try context.console.json(["did": context[words]])
    }
  }
}

enum CopyCommand: Command {
  static let from = Parameter(argument: .file("FROM"), summary: "From.")
  static let to = Parameter(optionalArgument: .folder("TO"), summary: "To.")
  static let spec = CommandSpec(
    "copy", "Copies", section: .documents, data: .created, parameters: [from.spec, to.spec], examples: [])

  static func run(_ context: CommandContext) async throws {
    try context.console.line(try context.request().folder())
  }
}

enum LookCommand: Command {
  static let spec = CommandSpec("look", "Looks", section: .documents, examples: [])

  static func run(_ context: CommandContext) async throws {
    try context.console.line(try context.request().folder())
  }
}

extension CommandTree {
  static let sample = CommandTree(
    groups: [CommandGroup("do", "Do something")], commands: [SampleCommand.self, CopyCommand.self, LookCommand.self])
}
