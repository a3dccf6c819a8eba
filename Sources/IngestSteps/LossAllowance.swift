import IngestCore

/// How many chunks of one document may be lost before the document is.
///
/// The share of its chunks, rounded down; a document of ten chunks or more may lose one in any case, as a share of 2 % would
/// otherwise be none for most documents. Never all of them, and never more than ``limit``.
struct LossAllowance {
  static let standard = 0.02
  /// So that the checkpoint and its transaction stay small.
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
    // A share of 0.07 is a little less than that in binary.
    let whole = Int((share * Double(chunks) + 1e-9).rounded(.down))
    return min(max(whole, chunks >= Self.enoughToSpareOne ? 1 : 0), chunks - 1, Self.limit)
  }
}
