import IngestApp
import IngestConfig
import IngestCore
import Testing

@Suite("Graphs of workflows")
struct WorkflowGraphTests {
  @Test("the text has a box for each step and never more than 80 columns")
  func text() throws {
    let ingest = try WorkflowLibrary.load(folder: nil).get("ingest").definition
    let text = WorkflowGraph.text(ingest)
    #expect(
      text.hasPrefix(
        """
        workflow ingest
          Reads a document, cuts it into chunks, embeds them and writes them to the
          index.

          ● parse
          │ uses parse, at most 10m a try
          │ 8 tries, waits 1s ×2 up to 5m, jittered
          │
          ● chunk
          │ uses chunk, at most 5m a try

        """))
    #expect(
      text.hasSuffix("  ● upsert\n    uses upsert, at most 10m a try\n    8 tries, waits 1s ×2 up to 5m, jittered\n"))
    let name = String(repeating: "n", count: 64)
    let long = WorkflowDefinition(
      name: name, description: String(repeating: "word ", count: 50) + String(repeating: "x", count: 300),
      steps: [.init(id: name, uses: name, with: [name: .text(String(repeating: "y", count: 200))])])
    #expect(WorkflowGraph.text(long).split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test("the DOT form has every step and arrow, and escapes characters that would end a string")
  func dot() {
    let workflow = WorkflowDefinition(
      name: "w",
      steps: [
        .init(id: "a", uses: "noop", with: ["say": .text("\"\\")], retry: .init(attempts: 1)),
        .init(id: "b", uses: "noop"),
      ])
    #expect(
      WorkflowGraph.dot(workflow)
        == #"""
        digraph "w" {
          rankdir=TB;
          node [shape=box];
          "a" [label="a\nuses noop, at most 10m a try\n1 try\nsay: \"\\"];
          "b" [label="b\nuses noop, at most 10m a try\n8 tries, waits 1s ×2 up to 5m, jittered"];
          "a" -> "b";
        }

        """#)
  }
}
