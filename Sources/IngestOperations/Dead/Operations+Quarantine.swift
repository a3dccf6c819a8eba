package import IngestCore

extension Operations {
  /// The fewest characters of a hash that name a content.
  private static let shortestHash = 6

  /// Returns the contents on which processes died, the latest death first.
  package func quarantine() async throws -> [QuarantinedContent] { try await jobs.quarantine() }

  /// Lifts the quarantine of a content, so that jobs with it run again.
  /// - Parameters:
  ///   - text: the content's hash, or a unique beginning of at least six characters.
  ///   - known: the contents of ``quarantine()``, read once for several calls.
  /// - Returns: the content, and whether it still had counted deaths.
  /// - Throws: `CONTENT_NOT_QUARANTINED`, `CONTENT_AMBIGUOUS`.
  package func liftQuarantine(
    _ text: String, among known: [QuarantinedContent]
  ) async throws -> (content: ContentHash, lifted: Bool) {
    let wanted = text.lowercased()
    let matches = known.map(\.content).filter { wanted.count >= Self.shortestHash && $0.hasPrefix(wanted) }
    guard let match = matches.first else {
      throw Failure(
        .permanent, code: "CONTENT_NOT_QUARANTINED",
        "No process has died on a content whose hash begins with '\(text)'.",
        hint: "\(Action(.deadQuarantine)) lists them.", category: .notFound)
    }
    guard matches.count == 1 else {
      throw Failure(
        .permanent, code: "CONTENT_AMBIGUOUS", "More than one hash of a content begins with '\(text)'.",
        hint: "\(Action(.deadQuarantine)) lists them.", category: .invalid)
    }
    let content = ContentHash(rawValue: match)
    return (content, try await jobs.liftQuarantine(content, actor: actorText))
  }
}
