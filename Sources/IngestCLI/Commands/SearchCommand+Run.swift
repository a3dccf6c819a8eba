import IngestAPI
import IngestApp
import IngestCore
import IngestIndex

extension SearchCommand {
  package static func run(_ context: CommandContext) async throws {
    let request = SearchRequest(
      text: context[query].joined(separator: " "), k: context[count],
      mode: SearchRequest.Mode(rawValue: context[mode].rawValue) ?? .hybrid,
      source: context[SharedParameters.onlySource],
      where: Dictionary(context[filter].map { ($0.key, $0.value) }) { _, last in last })
    try await context.withInstallation { installation in
      let answer: SearchAnswer
      do {
        answer = try await installation.searcher.search(
          request, index: context[SharedParameters.index], generation: context[SharedParameters.generation])
      } catch {
        throw ofSearch(Failure(error))
      }
      if context.console.isJSON { return try context.console.json(SearchResponse(answer)) }
      try print(answer, context.console)
    }
  }

  /// An embedder's hints are made for jobs, which are tried again by themselves; a search is not.
  private static func ofSearch(_ failure: Failure) -> Failure {
    guard failure.reason == .embedder, failure.kind != .permanent else { return failure }
    var failure = failure
    failure.hint =
      failure.retryable
      ? "Search again later, or by words alone with `--mode keyword`; `ingestd doctor` looks at the embedder."
      : "Check the key, the quota and the model with whoever runs it; `--mode keyword` does without."
    return failure
  }

  private static func print(_ answer: SearchAnswer, _ console: Console) throws {
    if answer.hits.isEmpty { try console.line("nothing found") }
    for hit in answer.hits {
      let page = hit.page.map { ", page \($0)" } ?? ""
      try console.line("\(hit.rank). \(hit.uri.visible)\(page)", .heading)
      if !hit.heading.isEmpty {
        try console.line("   \(hit.heading.joined(separator: " › ").visible.shortened(to: console.terminal.width - 4))")
      }
      for line in Excerpt.lines(hit.text, width: console.terminal.width - 4, most: 4) {
        try console.line("   " + line)
      }
      try console.line()
    }
    if let note = answer.note { console.note(note) }
    let took = answer.tookMilliseconds
    console.note(
      "\(DecimalText.count(answer.hits.count, "hit")) in \(Int(took.rounded())) ms from \(answer.index), generation \(answer.generation)"
    )
  }
}

/// A few lines of a longer text.
enum Excerpt {
  /// White space folded, broken between words; the last line ends in `…` when there is more.
  static func lines(_ text: String, width: Int, most: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(whereSeparator: \.isWhitespace) {
      let word = String(word).visible
      if line.isEmpty {
        line = word
      } else if line.columns + 1 + word.columns <= width {
        line += " " + word
      } else {
        lines.append(line.shortened(to: width))
        line = word
        if lines.count == most { break }
      }
    }
    if lines.count == most {
      lines[most - 1] = (lines[most - 1] + " …").shortened(to: width)
    } else if !line.isEmpty {
      lines.append(line.shortened(to: width))
    }
    return lines
  }
}
