/// `ingestd completion`.
package enum CompletionCommand: Command {
  package static let shell = Parameter(
    argument: ValueType<CompletionScript.Shell>.choice("SHELL"), summary: "The shell that runs the script.")

  package static let spec = CommandSpec(
    "completion", "Print a script that completes ingestd commands in a shell", section: .setup, data: .none,
    parameters: [shell.spec],
    examples: [
      .init("source <(ingestd completion bash)", "In bash, for this session; put the line into ~/.bashrc to keep it."),
      .init("ingestd completion zsh > ~/.zfunc/_ingestd", "In zsh, with ~/.zfunc in $fpath."),
      .init("ingestd completion fish > ~/.config/fish/completions/ingestd.fish", "In fish."),
    ])

  package static func run(_ context: CommandContext) async throws {
    try context.console.raw(CompletionScript(tree: context.tree).text(context[shell]))
  }
}
