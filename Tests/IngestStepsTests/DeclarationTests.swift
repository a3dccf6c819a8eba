import IngestCore
import IngestSteps
import Testing

@Suite("Declarations of steps")
struct DeclarationTests {
  @Test("the catalogue of workflow steps is made from the steps of a worker")
  func kinds() async throws {
    let steps = try await StepFixture().services.steps
    #expect(steps.map { type(of: $0).kind } == StepServices.kinds.map { $0.kind })
    #expect(StepCatalogue(StepServices.kinds).kinds.count == steps.count)
  }

  @Test("steps for documents and for generations are declared as such, and the others run for any job")
  func subjects() {
    let catalogue = StepCatalogue(StepServices.kinds)
    func needing(_ steps: StepDefinition..., onFailure: StepDefinition? = nil) -> String? {
      WorkflowDefinition(name: "w", steps: steps, onFailure: onFailure).needing(catalogue).map {
        "\($0.step.id) \($0.subject)"
      }
    }
    #expect(needing(StepDefinition(id: "a", uses: "exec"), StepDefinition(id: "b", uses: "sleep")) == nil)
    #expect(needing(StepDefinition(id: "a", uses: "noop"), StepDefinition(id: "b", uses: "parse")) == "b document")
    #expect(needing(StepDefinition(id: "a", uses: "verify")) == "a generation")
    var content = StepDefinition(id: "c", uses: "exec")
    content.with["stdin"] = .text("content")
    #expect(needing(content) == "c document")
    #expect(needing(StepDefinition(id: "a", uses: "noop"), onFailure: content) == "c document")
  }
}
