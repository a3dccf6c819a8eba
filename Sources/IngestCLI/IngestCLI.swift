@preconcurrency internal import Glibc
package import IngestApp
import IngestCore
internal import IngestParserWire

/// The program `ingestd`.
package enum IngestCLI {
  /// Runs this process's command line.
  /// - Returns: its exit status.
  @concurrent package static func main(
    tree: CommandTree = .standard, compose: @escaping Composition = Installation.open
  ) async -> Int32 {
    TerminationSignals.ignoreBrokenPipes()
    return await run(
      arguments: Array(CommandLine.arguments.dropFirst()), environment: processEnvironment(),
      tree: tree, compose: compose)
  }

  /// Runs one command line. It reads, opens and starts nothing before the command line is parsed.
  /// - Parameters:
  ///   - arguments: without the program's name.
  ///   - compose: opens the data folder.
  ///   - output, error: written to instead of this process's streams, and treated as pipes.
  /// - Returns: the exit status.
  @concurrent package static func run(
    arguments: [String], environment: [String: String], tree: CommandTree = .standard,
    output: (any ByteSink)? = nil, error: (any ByteSink)? = nil,
    compose: @escaping Composition = Installation.open
  ) async -> Int32 {
    let words = arguments.prefix { $0 != "--" }
    let noColour = words.contains(GlobalOptions.noColor.spec.key)
    let terminal =
      output == nil
      ? Terminal.current(environment: environment, noColour: noColour)
      : Terminal(
        outputIsTerminal: false, errorIsTerminal: false, columns: nil, environment: environment, noColour: noColour)
    let console = Console(
      terminal: terminal, isJSON: words.contains(GlobalOptions.json.spec.key),
      isQuiet: words.contains { GlobalOptions.quiet.spec.names.contains($0) },
      output: output ?? DescriptorSink.output, error: error ?? DescriptorSink.error)
    do {
      try await dispatch(arguments, environment, tree, console, compose)
      try console.flush()
      return 0
    } catch {
      return end(error, console)
    }
  }

  private static func dispatch(
    _ arguments: [String], _ environment: [String: String], _ tree: CommandTree, _ console: Console,
    _ compose: @escaping Composition
  ) async throws {
    switch try ArgumentParser(tree: tree).parse(arguments) {
    case .help(let path):
      try console.raw(HelpText(tree: tree).text(path) + "\n")
    case .version:
      try console.raw("ingestd \(ProgramVersion.text)\n")
    case .command(let command, let parsed):
      let context = CommandContext(
        spec: command.spec, arguments: parsed, console: console, environment: environment, clock: SystemClock(),
        tree: tree, compose: compose)
      if context.spec.data == .existing { _ = try context.request().folder() }
      try await command.run(context)
    }
  }

  /// Reports the error that ended the command, and returns its exit status.
  private static func end(_ error: any Error, _ console: Console) -> Int32 {
    switch error {
    case let status as ExitStatus:
      do {
        try console.flush()
      } catch OutputError.closed {
        return status.code
      } catch {
        return end(error, console)
      }
      return status.code
    case OutputError.closed:
      return 0
    case let failed as OutputError:
      // Standard output failed, so the message goes to standard error even under --json.
      console.printError(FailureText.lines(failed.failure, colour: false).joined(separator: "\n"))
      return 1
    default:
      let failure = Failure(error)
      do {
        try console.report(failure)
        try console.flush()
      } catch OutputError.closed {
        return failure.category.exitStatus
      } catch {
        console.printError(FailureText.lines(failure, colour: false).joined(separator: "\n"))
      }
      return failure.category.exitStatus
    }
  }

  /// Returns the environment of this process. If a name occurs twice, the first value counts, as with `getenv`.
  private static func processEnvironment() -> [String: String] {
    var variables: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let pair = String(cString: text)
      if let equals = pair.firstIndex(of: "=") {
        let name = String(pair[..<equals])
        if variables[name] == nil { variables[name] = String(pair[pair.index(after: equals)...]) }
      }
      entry += 1
    }
    return variables
  }
}
