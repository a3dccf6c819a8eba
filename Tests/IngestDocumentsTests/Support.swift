import Foundation
import Glibc
import IngestCore
import IngestDocuments
import IngestProcess
import Testing

/// The path of the real parser, built beside the tests.
let parserProgram = Bundle.main.bundleURL.appendingPathComponent("ingestd-parse").path

func fixture(_ name: String) throws -> [UInt8] {
  let url = Bundle.module.bundleURL.appendingPathComponent("Fixtures/\(name)")
  return [UInt8](try Data(contentsOf: url))
}

/// The delivered parts, and the error if reading failed.
struct Reading {
  var info: DocumentInfo?
  var parts: [ParsedPart] = []
  var failure: Failure?

  var pages: [ParsedPage] { parts.flatMap(\.pages) }
  var text: String { DocumentText(parts: parts).text }
}

func read(
  _ name: String, _ bytes: [UInt8]? = nil, password: String? = nil, limits: ParserLimits = .init(), from page: Int = 1,
  hadText: Bool = false, pool: ParserPool = ParserPool(size: 1, program: parserProgram)
) async throws -> Reading {
  var reading = Reading()
  let content = try bytes ?? fixture(name)
  do {
    try await DocumentReader(pool: pool, limits: limits).read(
      InputDocument(name: name, content: .bytes(content), password: password.map { Array($0.utf8) }), from: page,
      hadText: hadText
    ) { event in
      switch event {
      case .info(let info): reading.info = info
      case .part(let part): reading.parts.append(part)
      }
    }
  } catch {
    reading.failure = Failure(error)
  }
  return reading
}

/// Returns an uncompressed PDF with the given page contents.
func makePDF(_ pages: [String], compressed: [UInt8]? = nil) -> [UInt8] {
  var bytes = Array("%PDF-1.4\n".utf8)
  let kids = pages.indices.map { "\(4 + 2 * $0) 0 R" }.joined(separator: " ")
  bytes += Array(
    """
    1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
    2 0 obj<</Type/Pages/Count \(pages.count)/Kids[\(kids)]>>endobj
    3 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj

    """.utf8)
  for (index, content) in pages.enumerated() {
    bytes += Array(
      """
      \(4 + 2 * index) 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]\
      /Resources<</Font<</F1 3 0 R>>>>/Contents \(5 + 2 * index) 0 R>>endobj

      """.utf8)
    if let compressed, index == pages.count - 1 {
      bytes += Array("\(5 + 2 * index) 0 obj<</Filter/FlateDecode/Length \(compressed.count)>>stream\n".utf8)
      bytes += compressed
    } else {
      bytes += Array("\(5 + 2 * index) 0 obj<</Length \(content.utf8.count)>>stream\n\(content)".utf8)
    }
    bytes += Array("\nendstream endobj\n".utf8)
  }
  bytes += Array("trailer<</Size \(4 + 2 * pages.count)/Root 1 0 R>>\n%%EOF\n".utf8)
  return bytes
}

func line(_ text: String) -> String { "BT /F1 12 Tf 72 700 Td (\(text)) Tj ET" }
