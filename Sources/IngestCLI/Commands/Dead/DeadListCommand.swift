/// `ingestd dead list`.
package enum DeadListCommand: CommandDeclaration {
  package static let spec = CommandSpec(
    "dead list", "List the jobs that used up their attempts or failed for good", group: .work,
    parameters: [
      SharedParameters.onlySource.spec, SharedParameters.onlyIndex.spec, DeadSelection.code.spec,
      SharedParameters.since.spec, SharedParameters.limit.spec,
    ],
    examples: [.init("ingestd dead list --since 1d", "Since yesterday.")])
}
