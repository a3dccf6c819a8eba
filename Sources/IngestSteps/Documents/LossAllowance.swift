import IngestCore

/// The number of chunks that one document may lose before its job dies.
///
/// It is a share of the document's chunks, rounded down. A document of ten chunks or more may always lose one, because
/// a share of 2 % would otherwise allow none in most documents. It is never all chunks, and never more than ``limit``.
struct LossAllowance {
  static let standard = 0.02
  /// The most lost chunks. Keeps the checkpoint and its transaction small.
  static let limit = 256
  private static let enoughToSpareOne = 10

  let share: Double

  /// - Parameter with: the settings of an `embed` step.
  init(_ with: [String: Setting]) {
    share =
      switch with["lost-chunks"] {
      case .number(let share)?: share
      case .integer(let share)?: Double(share)
      case .bool?, .text?, .list?, .map?, nil: Self.standard
      }
  }

  func most(of chunks: Int) -> Int {
    guard share > 0, chunks > 1 else { return 0 }
    // A share such as 0.07 is slightly smaller in binary.
    let whole = Int((share * Double(chunks) + 1e-9).rounded(.down))
    return min(max(whole, chunks >= Self.enoughToSpareOne ? 1 : 0), chunks - 1, Self.limit)
  }
}
