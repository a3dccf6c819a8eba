import FoundationEssentials
import IngestTestKit

/// Makes the documents: each version has its own word, and all versions of one document share a mark.
enum Papers {
  enum Size {
    /// A few chunks.
    case small
    /// A blob in its own file.
    case large
    /// More chunks than one write can hold.
    case huge
  }

  static func text(mark: String, word: String, size: Size = .small) -> String {
    let sections =
      switch size {
      case .small: 2
      case .large: 100
      case .huge: 300
      }
    var text = "# Paper \(mark)\n\nIts word is \(word), its mark \(mark).\n"
    for section in 1...sections {
      text += "\n## Section \(section)\n\n"
      text += String(repeating: "Section \(section) of \(word) says little at some length. ", count: 16) + "\n"
    }
    return text
  }

  /// Returns a PDF with many pages and a line on each.
  static func pdf(pages: Int, word: String) -> [UInt8] {
    var objects = ["<< /Type /Catalog /Pages 2 0 R >>"]
    objects.append(
      "<< /Type /Pages /Count \(pages) /Kids [" + (0..<pages).map { "\(4 + 2 * $0) 0 R" }.joined(separator: " ")
        + "] >>")
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for page in 0..<pages {
      let lines = (0..<40).map { "(Line \($0) of page \(page) of \(word).) Tj 0 -16 Td" }.joined(separator: " ")
      let content = "BT /F1 11 Tf 50 750 Td \(lines) ET"
      objects.append(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents \(5 + 2 * page) 0 R "
          + "/Resources << /Font << /F1 3 0 R >> >> >>")
      objects.append("<< /Length \(content.utf8.count) >>\nstream\n\(content)\nendstream")
    }
    var bytes = Array("%PDF-1.4\n".utf8)
    var offsets: [Int] = []
    for (number, object) in objects.enumerated() {
      offsets.append(bytes.count)
      bytes += Array("\(number + 1) 0 obj\n\(object)\nendobj\n".utf8)
    }
    let start = bytes.count
    bytes += Array("xref\n0 \(objects.count + 1)\n0000000000 65535 f \n".utf8)
    for offset in offsets {
      let digits = String(offset)
      bytes += Array((String(repeating: "0", count: 10 - digits.count) + digits + " 00000 n \n").utf8)
    }
    bytes += Array("trailer\n<< /Size \(objects.count + 1) /Root 1 0 R >>\nstartxref\n\(start)\n%%EOF\n".utf8)
    return bytes
  }
}
