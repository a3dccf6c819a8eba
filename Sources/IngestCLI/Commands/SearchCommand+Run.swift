import IngestAPI
import IngestCore
import IngestOperations

extension SearchCommand {
  package static func run(_ context: CommandContext) async throws {
    var wanted = SearchQuery(context[query].joined(separator: " "), index: context[SharedParameters.index])
    wanted.generation = context[SharedParameters.generation]
    wanted.count = context[count]
    wanted.mode = context[mode]
    wanted.source = context[SharedParameters.onlySource]
    wanted.meta = Dictionary(context[filter].map { ($0.key, $0.value) }) { _, last in last }
    try await context.withOperations { operations in
      let answer = SearchResponse(try await operations.search(wanted))
      if context.console.isJSON { return try context.console.json(answer) }
      try print(answer, context.console)
    }
  }

  private static func print(_ answer: SearchResponse, _ console: Console) throws {
    if answer.hits.isEmpty { try console.line("nothing found") }
    for hit in answer.hits {
      let page = hit.page.map { ", page \($0)" } ?? ""
      try console.line("\(hit.rank). \(hit.uri.visible)\(page)", .heading)
      if let heading = hit.heading {
        try console.line("   \(heading.joined(separator: " › ").visible.shortened(to: console.terminal.width - 4))")
      }
      for line in Excerpt.lines(hit.text, width: console.terminal.width - 4, most: 4) {
        try console.line("   " + line)
      }
      try console.line()
    }
    console.note(
      "\(DecimalText.count(answer.hits.count, "hit")) in \(Int(answer.tookMs.rounded())) ms from \(answer.index), generation \(answer.generation)"
    )
  }
}
