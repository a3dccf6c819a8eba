import IngestCore
import IngestStore

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

  /// What the options other than ids leave.
  static func filter(_ context: CommandContext, _ installation: Installation) async throws -> JobFilter {
    let index = context[SharedParameters.onlyIndex]
    if let index { _ = try await installation.store.list(index) }
    return JobFilter(
      source: context[SharedParameters.onlySource], index: index, state: .dead, code: context[code],
      since: context[SharedParameters.since]?.timestamp(now: context.clock.now), limit: Int.max)
  }

  /// The dead letters to act on: nothing happens to all of them unless that was said.
  static func selected(_ context: CommandContext, _ installation: Installation) async throws -> JobFilter {
    var filter = try await filter(context, installation)
    let isFiltered = filter.source != nil || filter.index != nil || filter.code != nil || filter.since != nil
    switch (context[ids].isEmpty, context[all]) {
    case (true, true): return filter
    case (true, false):
      throw misuse("DEAD_SELECTION_MISSING", "Neither ids nor --all were given.", "name dead letters, or say --all")
    case (false, true):
      throw misuse("DEAD_SELECTION_TWICE", "Both ids and --all were given.", "leave one of them out")
    case (false, false):
      if isFiltered {
        throw misuse(
          "DEAD_SELECTION_TWICE", "--source, --index, --code and --since go with --all, not with ids.",
          "leave them out, or the ids")
      }
      var chosen: [JobID] = []
      for text in context[ids] {
        let id = try await resolve(text, installation)
        if !chosen.contains(id) { chosen.append(id) }
      }
      filter.ids = chosen
      return filter
    }
  }

  /// A dead letter's whole id from a unique beginning.
  static func resolve(_ text: String, _ installation: Installation) async throws -> JobID {
    let id: JobID
    do {
      id = try await installation.store.resolveJob(text)
    } catch let failure as Failure where failure.code == "JOB_NOT_FOUND" {
      throw notDead(text)
    }
    guard try await installation.store.job(id).state == .dead else { throw notDead(text) }
    return id
  }

  static func notDead(_ text: String) -> Failure {
    Failure(
      .permanent, code: "DEAD_NOT_FOUND", "There is no dead letter '\(text)'.",
      hint: "`ingestd dead list` shows them; an id may be cut short to a unique beginning of four or more characters.",
      category: .notFound)
  }

  private static func misuse(_ code: String, _ message: String, _ hint: String) -> Failure {
    Failure(.permanent, code: code, message, hint: hint, category: .invalid)
  }
}
