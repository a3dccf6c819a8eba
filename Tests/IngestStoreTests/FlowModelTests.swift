import IngestStore
import IngestTestKit
import Testing

@Suite("Everything at once")
struct FlowModelTests {
  @Test(
    "whatever workers and operators do in whatever order, every counter is true and every job can end",
    arguments: StoreKind.allCases, seeds
  )
  func keepsItsPromises(on kind: StoreKind, seed: UInt64) async throws {
    var model = try await FlowModel(kind, seed: seed)
    for step in 0..<500 {
      do {
        try await model.step()
      } catch {
        Issue.record("seed \(seed), step \(step): \(error)")
        return
      }
      guard step % 5 == 0 else { continue }
      let isTrue = try await model.isTrue()
      #expect(isTrue, "seed \(seed), step \(step)")
      if !isTrue { return }
    }
    let left = try await model.finishEverything()
    #expect(left.isEmpty, "seed \(seed)")
    let isTrue = try await model.isTrue()
    #expect(isTrue, "seed \(seed), at the end")
  }

  /// Some that are always the same, and one of this run.
  private static let seeds: [UInt64] = Array(1...6) + [UInt64.random(in: 100...(.max))]
}
