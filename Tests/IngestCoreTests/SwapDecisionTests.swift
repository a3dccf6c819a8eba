import IngestCore
import Testing

@Suite("Swap decisions")
struct SwapDecisionTests {
  private let request = SwapRequest(index: "docs", to: 2, from: 1, actor: "test")
  private let gate = SwapGate(lacking: 0, died: [], diedTotal: 0)

  @Test("a swap replaces the generation that it expects to be live with another one that is not deleted")
  func conflicts() {
    #expect(request.conflict(live: 1, state: .ready) == nil)
    #expect(request.conflict(live: 1, state: .retired) == nil)
    #expect(request.conflict(live: 3, state: .ready)?.code == "SWAP_CONFLICT")
    #expect(request.conflict(live: 1, state: .deleted)?.code == "SWAP_CONFLICT")
    #expect(SwapRequest(index: "docs", to: 1, from: 1, actor: "t").conflict(live: 1, state: .live) != nil)
    #expect(request.isStale.kind == .transient)
  }

  @Test("at most the accepted number of documents may be missing")
  func accepted() {
    var request = request
    #expect(request.refusal(lacking: 0, gate: gate) == nil)
    #expect(request.refusal(lacking: 1, gate: gate)?.code == "SWAP_REFUSED")
    request.acceptMissing = 2
    #expect(request.refusal(lacking: 2, gate: gate) == nil)
    #expect(request.refusal(lacking: 3, gate: gate)?.code == "SWAP_REFUSED")
  }

  @Test("a refusal says to wait for documents whose jobs are open, and lists those whose jobs are dead letters")
  func died() throws {
    #expect(request.refusal(lacking: 1, gate: gate)?.kind == .transient)
    let uris = (0..<20).map { "/\($0)" }
    let dead = try #require(request.refusal(lacking: 20, gate: SwapGate(lacking: 20, died: uris, diedTotal: 20)))
    #expect(dead.kind == .permanent)
    #expect(dead.causes.count == 10)
    #expect("\(dead.hint)".contains("accept-missing 20"))
  }

  @Test("a rollback must not be behind, unless it is forced")
  func rollback() {
    var request = SwapRequest(index: "docs", to: 1, from: 2, acceptMissing: 9, rollback: true, actor: "test")
    #expect(request.refusal(lacking: 0, gate: gate) == nil)
    #expect(request.refusal(lacking: 1, gate: gate)?.code == "ROLLBACK_BEHIND")
    request.force = true
    #expect(request.refusal(lacking: 1, gate: gate) == nil)
  }
}
