import IngestStore
import IngestTestKit
import Testing

@Suite("Random actions of workers and operators")
struct FlowModelTests {
  @Test(
    "after any order of actions by workers and operators, every counter is true and every job can end",
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

  /// Six fixed seeds and one new seed each run.
  private static let seeds: [UInt64] = Array(1...6) + [UInt64.random(in: 100...(.max))]
}
