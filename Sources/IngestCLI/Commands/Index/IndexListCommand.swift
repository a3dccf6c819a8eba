/// `ingestd index list`.
package enum IndexListCommand: CommandDeclaration {
  package static let spec = CommandSpec(
    "index list", "List the indexes and their live generations", group: .indexes,
    examples: [.init("ingestd index list", "All of them.")])
}
