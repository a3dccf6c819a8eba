import IngestCore
import IngestIndex
import IngestIndexSQLite

/// A measurement of exact searches in a generation of random unit vectors.
struct VectorMeasurement {
  let folder: String
  let dimensions: Int

  func run(vectors: Int, searches: Int) async throws -> String {
    let index = SQLiteIndex(folder: folder)
    let name = GenerationName(index: "bench", number: 1)
    try await index.create(name, dimensions: dimensions)
    var random = SplitMix(seed: 7)
    var fill = Timings()
    try await fill.time {
      var written = 0
      var number = 0
      while written < vectors {
        let count = min(1000, vectors - written)
        let header = DocumentHeader(
          document: Self.document(number), revision: 1, source: "bench", uri: "/bench/\(number)")
        let chunks = (0..<count).map { ordinal in
          EmbeddedChunk(
            chunk: Chunk(
              ordinal: ordinal, start: ordinal, end: ordinal + 1, page: nil, heading: [], tokens: 1,
              text: "w\(ordinal % 97)"),
            vector: unit(&random))
        }
        _ = try await index.write(DocumentWrite(header: header, chunks: chunks), into: name)
        written += count
        number += 1
      }
    }
    var timings = Timings()
    for turn in 0..<searches + 3 {
      let request = SearchRequest(text: "", vector: unit(&random), k: 10, mode: .vector)
      let hits =
        turn < 3
        ? try await index.search(request, in: name)
        : try await timings.time { try await index.search(request, in: name) }
      guard hits.count == 10 else { throw IndexError.badRequest("A search found \(hits.count) of 10.") }
    }
    await index.close()
    return "{\"vectors\":\(vectors),\"dimensions\":\(dimensions),\"fill_us\":\(fill.quantile(0.5)),"
      + "\"searches\":\(timings.json)}"
  }

  private static func document(_ number: Int) -> DocumentID {
    let digits = String(number)
    return DocumentID(rawValue: "01J" + String(repeating: "0", count: 23 - digits.count) + digits)
  }

  private func unit(_ random: inout SplitMix) -> [Float] {
    let values = (0..<dimensions).map { _ in Float(Double(random.next() >> 11) * 0x1p-53 - 0.5) }
    let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return values.map { $0 / length }
  }
}
