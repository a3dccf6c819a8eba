package import IngestCore

/// Reads the files of a selection and submits them, many at a time so that they share commits. `submit` and the `scan` step
/// both use it.
package struct Intake: Sendable {
  package enum Mode: Sendable, Hashable {
    case submit
    /// Reads the first bytes of each file, and submits nothing.
    case list
    /// Compares each file with the wanted revision of its document, and submits nothing.
    case compare
  }

  /// Items in the selection's order, and their outcomes.
  package struct Batch: Sendable {
    package var items: [SelectionItem]
    package var lines: [SubmissionLine]
  }

  let submitter: any Submitter
  let blobs: any BlobIntake
  let mode: Mode
  /// A submit without its uri and content.
  let template: SubmitRequest

  /// Items that are read, compared and written together.
  private static let batch = 32
  /// Batches under way at once: enough that a group commit is always full.
  private static let width = 8

  package init(submitter: any Submitter, blobs: any BlobIntake, mode: Mode, template: SubmitRequest) {
    self.submitter = submitter
    self.blobs = blobs
    self.mode = mode
    self.template = template
  }

  /// Submits all items of a selection.
  /// - Parameter report: called with one batch after the other, in the selection's order.
  /// - Throws: a failure that concerns every document, such as a full disk or a broken database, and errors of `report`.
  package func run(
    _ selection: some IteratorProtocol<SelectionItem>, report: (Batch) async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: (Int, Batch).self) { group in
      var selection = selection
      var begun = 0
      var reported = 0
      var waiting: [Int: Batch] = [:]
      var isExhausted = false
      while true {
        while !isExhausted, begun - reported < Self.width {
          var items: [SelectionItem] = []
          while items.count < Self.batch, let item = selection.next() { items.append(item) }
          isExhausted = items.count < Self.batch
          guard !items.isEmpty else { break }
          let position = begun
          begun += 1
          group.addTask { [items] in (position, Batch(items: items, lines: try await self.lines(items))) }
        }
        guard let (position, batch) = try await group.next() else { break }
        waiting[position] = batch
        while let batch = waiting.removeValue(forKey: reported) {
          reported += 1
          try await report(batch)
        }
      }
    }
  }
}
