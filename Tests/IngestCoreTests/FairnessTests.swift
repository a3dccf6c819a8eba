import IngestCore
import Testing

@Suite("Fairness")
struct FairnessTests {
  @Test("sources share the starts of a claim, and each gets at least one")
  func share() {
    var budget = ClaimBudget(limit: 8)
    #expect(budget.turn(among: 3).share == 2)
    budget.start(6)
    #expect(budget.turn(among: 3).share == 1)
    #expect(budget.isOpen)
    budget.start(2)
    #expect(!budget.isOpen)
  }

  @Test("a turn costs its starts; a turn without a start costs a sixteenth for each row it examined")
  func cost() {
    var budget = ClaimBudget(limit: 8)
    var turn = budget.turn(among: 2)
    #expect(turn.cost(budget) == nil)
    budget.spend(4)
    #expect(turn.cost(budget) == 0.25)
    turn.take()
    #expect(turn.rest == 3)
    #expect(turn.cost(budget) == 1)
    #expect(budget.turn(among: 2).cost(budget) == nil)
  }

  @Test("a claim examines a bounded number of rows")
  func bounded() {
    var budget = ClaimBudget(limit: 8)
    budget.spend(ClaimBudget.slice - 1)
    #expect(budget.isOpen)
    #expect(budget.rest == 1)
    budget.spend(2)
    #expect(!budget.isOpen)
    #expect(budget.isSpent)
    #expect(budget.rest == 0)
  }

  @Test("a source that has work again gets the lowest virtual time of the others, and its own never decreases")
  func level() {
    #expect(Fairness.level(3, least: 10) == 10)
    #expect(Fairness.level(12, least: 10) == 12)
    #expect(Fairness.level(3, least: nil) == 3)
  }

  @Test("sources with unequal backlogs start jobs in proportion to their weights", arguments: [1.0, 2, 5])
  func weights(_ weight: Double) {
    var times = [0.0, 0.0]
    var starts = [0, 0]
    for _ in 0..<600 {
      let next = times[0] <= times[1] ? 0 : 1
      starts[next] += 1
      times[next] = Fairness.charged(times[next], cost: 1, weight: next == 0 ? weight : 1)
    }
    #expect(abs(Double(starts[0]) / Double(starts[1]) - weight) < 0.1)
  }
}
