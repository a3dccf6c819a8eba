/// `ingestd delete`.
package enum DeleteCommand: CommandDeclaration {
  package static let documents = Parameter(
    arguments: .file("PATH|URI"), summary: "Documents by uri, or by the path that they were submitted from.")
  package static let wait = Parameter(flag: "--wait", summary: "Follow the jobs to their end.")

  package static let spec = CommandSpec(
    "delete", "Remove documents from an index, in every generation", group: .documents,
    details: [
      "A delete is a revision like any other: it runs as a job, and older jobs cannot bring the document back."
    ],
    parameters: [documents.spec, SharedParameters.source.spec, SharedParameters.index.spec, wait.spec],
    examples: [
      .init("ingestd delete handbook/old.pdf --source handbook", "The document that was submitted from this path."),
      .init("ingestd delete https://example.org/a.html", "A document by its uri."),
    ],
    exits: [.init(3, "a document is not in the index")])
}
