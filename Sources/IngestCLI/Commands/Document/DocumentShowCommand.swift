/// `ingestd document show`.
package enum DocumentShowCommand: CommandDeclaration {
  package static let spec = CommandSpec(
    "document show", "Show a document and what is held of it", group: .documents,
    parameters: [
      SharedParameters.document.spec, SharedParameters.index.spec, SharedParameters.onlySource.spec,
    ],
    examples: [.init("ingestd document show /srv/handbook/keys.pdf", "By its uri.")],
    exits: [.init(3, "there is no such document")])
}
