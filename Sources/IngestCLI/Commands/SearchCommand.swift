package import IngestCore

/// `ingestd search`.
package enum SearchCommand: Command {
  package static let query = Parameter(
    arguments: .text("QUERY"), summary: "The query; several words form one query.")
  package static let count = Parameter(
    option: "--count", "-k", type: .integer("N", 1...1000), default: 5, summary: "Print at most N hits, 1 to 1000.")
  package static let mode = Parameter(
    option: "--mode", type: ValueType<SearchMode>.choice("MODE"), default: .hybrid,
    summary: "How to search; hybrid fuses vector and keyword ranks."
  )
  package static let filter = Parameter(
    repeated: "--where", type: .keyValue("K=V"), summary: "Only documents with this metadata; several must all match.")

  package static let spec = CommandSpec(
    "search", "Search an index", section: .indexes,
    parameters: [
      query.spec, SharedParameters.index.spec, count.spec, mode.spec, SharedParameters.onlySource.spec, filter.spec,
      SharedParameters.generation.spec,
    ],
    examples: [
      .init("ingestd search 'how do I rotate keys' -k 3", "The three best hits by meaning and by words."),
      .init("ingestd search invoice --mode keyword --where year=2026", "By words, in documents of one year."),
      .init("ingestd search invoice --generation 2", "In a generation that is not live yet."),
    ],
    exits: [
      .init(3, "the index or generation does not exist"), .init(75, "the embedding provider is busy or out of quota"),
    ])
}
