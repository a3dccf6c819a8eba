/// `ingestd workflow validate`.
package enum WorkflowValidateCommand: CommandDeclaration {
  package static let files = Parameter(
    arguments: .file("FILE"), required: false, summary: "Files; all of the workflow folder if none is given.")

  package static let spec = CommandSpec(
    "workflow validate", "Check workflow files and tell every mistake", group: .set, data: .none,
    parameters: [files.spec],
    examples: [.init("ingestd workflow validate ingest.yaml", "Mistakes with file, line and column.")],
    exits: [.init(2, "a file has a mistake")])
}
