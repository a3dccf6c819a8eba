/// `ingestd parse`.
package enum ParseCommand: CommandDeclaration {
  package static let file = Parameter(argument: .file("FILE"), summary: "A document, or - for standard input.")
  package static let chunks = Parameter(flag: "--chunks", summary: "Show the chunks that would be embedded.")

  package static let spec = CommandSpec(
    "parse", "Show what would be stored of a file; store nothing", group: .documents, data: .none,
    parameters: [file.spec, chunks.spec, SharedParameters.passwordFile.spec],
    examples: [
      .init("ingestd parse report.pdf", "Its text, page by page."),
      .init("ingestd parse report.pdf --chunks --json", "Its chunks, one JSON object a line."),
    ])
}
