/// Which dead letters `dead redrive` and `dead purge` act on: named ones, or all that match.
package enum DeadSelection {
  package static let ids = Parameter(
    arguments: .text("ID"), required: false, summary: "Ids of dead letters, or beginnings of them.")
  package static let all = Parameter(flag: "--all", summary: "All that the other options leave, in place of ids.")
  package static let code = Parameter(
    option: "--code", type: .text("CODE"), summary: "Only those that died of this error code.")
  package static let parameters = [
    ids.spec, all.spec, SharedParameters.onlySource.spec, SharedParameters.onlyIndex.spec, code.spec,
    SharedParameters.since.spec,
  ]
}
