package import IngestOperations

/// `ingestd search`.
package enum SearchCommand: Command {
  package static let query = Parameter(
    arguments: .text("QUERY"), summary: "What to look for; several words are one query.")
  package static let count = Parameter(
    option: "--count", "-k", type: .integer("N", 1...1000), default: 5, summary: "How many hits.")
  package static let mode = Parameter(
    option: "--mode", type: ValueType<SearchQuery.Mode>.choice("MODE"), default: .hybrid, summary: "How hits are found."
  )
  package static let filter = Parameter(
    repeated: "--where", type: .keyValue("K=V"), summary: "Only documents with this metadata.")

  package static let spec = CommandSpec(
    "search", "Search an index", section: .indexes,
    parameters: [
      query.spec, SharedParameters.index.spec, count.spec, mode.spec, SharedParameters.onlySource.spec, filter.spec,
      SharedParameters.generation.spec,
    ],
    examples: [
      .init("ingestd search 'how do I rotate keys' -k 3", "The three best hits by meaning and by word."),
      .init("ingestd search invoice --mode keyword --where year=2026", "By word, within some metadata."),
      .init("ingestd search invoice --generation 2", "In a candidate that is not live yet."),
    ],
    exits: [.init(3, "the index or generation does not exist")])
}
