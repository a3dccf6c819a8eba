import IngestAPI
package import IngestCore
import IngestOperations

/// `ingestd job run`.
package enum JobRunCommand: Command {
  package static let workflow = Parameter(argument: .text("WORKFLOW"), summary: "The workflow's name.")
  package static let input = Parameter(
    option: "--input", type: .text("JSON"), default: "{}",
    summary: "The input of its steps: JSON, @FILE, or - for standard input; at most 64 KiB.")
  package static let source = Parameter(
    option: "--source", type: .text("NAME"), default: "default",
    summary: "The source whose limits, weight and pauses apply to the job.")
  package static let priority = Parameter(
    option: "--priority", type: .integer("N", -100...100), default: 0, summary: "-100 to 100; higher starts earlier.")
  package static let delay = Parameter(
    option: "--delay", type: .duration("TIME"), summary: "Start the job this much later, such as 5m; at most ten years."
  )
  package static let at = Parameter(
    option: "--at", type: .time("TIME"), summary: "Start the job at this RFC 3339 time.")
  package static let key = Parameter(
    option: "--key", type: .text("KEY"), summary: "Idempotency key: the same key again starts nothing new.")
  package static let keyLife = Parameter(
    option: "--key-ttl", type: .duration("TIME"),
    summary: "How long the key is in force, such as 7d. Default: `idempotency.ttl`, 30d.")
  package static let wait = Parameter(flag: "--wait", summary: "Follow the job until it has ended.")

  package static let spec = CommandSpec(
    "job run", "Start a workflow without a document", section: .work, data: .created,
    details: [
      "The job belongs to no index. A workflow with a step that needs a document or a generation is refused.",
      "A singleton workflow (by source or workflow) with mode `skip` starts nothing while one of its jobs is open. The "
        + "command then prints that job as skipped.",
    ],
    parameters: [
      workflow.spec, input.spec, source.spec, priority.spec, delay.spec, at.spec, key.spec, keyLife.spec, wait.spec,
    ],
    exclusive: [["--delay", "--at"]],
    examples: [
      .init("ingestd job run nightly-report --wait", "Once, now; wait until it has ended."),
      .init("ingestd job run order --input '{\"id\": 4711}' --key order-4711", "Once for each order."),
      .init("jq -c . big.json | ingestd job run order --input -", "An input from a pipe."),
    ],
    exits: [
      .init(1, "with --wait, the job did not complete"), .init(2, "the input is not JSON"),
      .init(3, "the workflow does not exist"),
      .init(
        4,
        "the workflow needs a document or a generation, the input is too large, a rate limit is reached, or the key "
          + "was used with another input"),
      .init(75, "with --wait, no worker is running; the job stays queued"),
    ])

  package static func run(_ context: CommandContext) async throws {
    let now = context.clock.now
    let start = WorkflowStart(
      workflow: context[workflow], input: try DataArgument.input.read(context[input]), source: context[source],
      priority: context[priority], notBefore: context[at] ?? context[delay].map { now + $0 },
      idempotencyKey: context[key], keyLife: context[keyLife])
    try start.check(now: now)
    try await context.withOperations { operations in
      let receipt = try await operations.enqueue(start)
      try context.console.json(RunResponse(workflow: context[workflow], receipt))
      try context.console.line(words(receipt))
      guard context[wait] else { return }
      switch receipt.state {
      // Retention removed the job, but the key still has its final state.
      case .completed?: return
      case .cancelled?, .dead?: throw ExitStatus.failed
      case .queued?, .running?, .waiting?, nil:
        let ends = try await JobFollower(operations: operations, console: context.console).follow([receipt.job])
        if ends.completed < 1 { throw ExitStatus.failed }
      }
    }
  }

  private static func words(_ receipt: EnqueueReceipt) -> String {
    switch receipt.outcome {
    case .accepted: "job \(receipt.job)"
    case .duplicate: "job \(receipt.job) was started with this key before"
    case .skipped: "skipped: job \(receipt.job) is open, and only one may be"
    }
  }
}
