import IngestPDF

/// A tiny document that is read before the sandbox is active. poppler loads converters, encodings and character maps
/// when they are first needed; without them it returns empty text and no error.
///
/// Poppler drops its tables with the last open document and reads them again for the next. So this document stays open
/// as long as the process lives, which also saves every small document about a hundred system calls.
final class Warmup {
  private let document: PDFDocument?

  init() {
    let source = Array(Self.source.utf8)
    // The memory is never freed, because the document reads from it.
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: source.count, alignment: 16)
    memory.copyBytes(from: source)
    document = try? PDFDocument(UnsafeRawBufferPointer(memory))
    _ = document?.page(1)
    // A password uses another code path.
    _ = try? PDFDocument(UnsafeRawBufferPointer(memory), password: [0x78])
  }

  /// A document with a form and a font of each kind: a plain one, one with a name table, and the four collections of
  /// East Asian characters, whose maps poppler keeps once it has read them. It has no cross-reference table; poppler
  /// builds one.
  private static let source: String = {
    var objects = [
      "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[7 0 R]/DR<</Font<</A 5 0 R>>>>>>>>",
      "<</Type/Pages/Kids[3 0 R]/Count 1>>", "", "",
      "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
      "<</Type/Font/Subtype/TrueType/BaseFont/Any/Encoding<</Differences[65/Aogonek/uni0416/g42]>>>>",
      "<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(b)/F 4/DA(/A 9 Tf 0 g)/Rect[9 9 90 20]>>",
    ]
    var fonts = "/A 5 0 R/B 6 0 R"
    var content = "BT /A 12 Tf 9 90 Td (warm) Tj /B 12 Tf (ABC) Tj "
    for (collection, map) in [
      ("Japan1", "90ms-RKSJ-H"), ("GB1", "GBK-EUC-H"), ("CNS1", "ETen-B5-H"), ("Korea1", "KSCms-UHC-H"),
    ] {
      let info = "/CIDSystemInfo<</Registry(Adobe)/Ordering(\(collection))/Supplement 0>>"
      for encoding in [map, "Identity-H"] {
        objects.append("<</Type/Font/Subtype/CIDFontType0/BaseFont/Any\(info)>>")
        objects.append(
          "<</Type/Font/Subtype/Type0/BaseFont/Any/Encoding/\(encoding)/DescendantFonts[\(objects.count) 0 R]>>")
        fonts += "/F\(objects.count) \(objects.count) 0 R"
        content += "/F\(objects.count) 12 Tf <30423044> Tj "
      }
    }
    content += "ET"
    objects[2] =
      "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 100]/Resources<</Font<<\(fonts)>>>>/Contents 4 0 R/Annots[7 0 R]>>"
    objects[3] = "<</Length \(content.utf8.count)>>stream\n\(content)\nendstream"
    let body = objects.enumerated().map { "\($0.offset + 1) 0 obj\n\($0.element)\nendobj\n" }.joined()
    return "%PDF-1.4\n\(body)trailer<</Size \(objects.count + 1)/Root 1 0 R>>\n%%EOF\n"
  }()
}
