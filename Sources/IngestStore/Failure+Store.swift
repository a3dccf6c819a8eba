package import IngestCore
package import IngestSQL

extension Failure {
  static func damaged(_ what: String) -> Failure {
    Failure(
      .permanent, code: "DATABASE_DAMAGED", "The database holds something it should not: \(what).",
      hint: "Run `ingestd doctor`; restore a backup if it finds damage.")
  }

  static func quarantined(_ content: String) -> Failure {
    Failure(
      .poison, code: "QUARANTINED",
      "Processes died \(Transition.deathsToQuarantine) times on this document, with no other in them.",
      hint: "Look at it with `ingestd parse`; `ingestd dead redrive` lifts the quarantine (content \(content.prefix(12))).")
  }

  static func indexNotFound(_ name: String, near: String?) -> Failure {
    Failure(
      .permanent, code: "INDEX_NOT_FOUND", "There is no index '\(name)'.",
      hint: near.map { "Did you mean '\($0)'?" } ?? "Create it with `ingestd index create \(name)`.",
      category: .notFound)
  }

  static func generationNotFound(_ index: String, _ number: Int) -> Failure {
    Failure(
      .permanent, code: "GENERATION_NOT_FOUND", "Index '\(index)' has no generation \(number).",
      hint: "`ingestd index show \(index)` lists them.", category: .notFound)
  }
}
