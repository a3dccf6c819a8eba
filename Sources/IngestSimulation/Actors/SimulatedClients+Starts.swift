import IngestCore
import IngestSQL
import IngestStore

/// The input of a started job, with everything that the oracle needs to know about the job.
struct StartInput: Codable, Hashable {
  var start: Int
  var source: String
  /// The items of a `foreach`; empty for a workflow without one.
  var items: [Int]

  /// JSON, the same for the same value.
  var json: String { "{\"items\":\(items),\"source\":\"\(source)\",\"start\":\(start)}" }
}

/// A start that was acknowledged.
struct StartFacts {
  var input: String
  /// Whether an operator cancelled it.
  var wasCancelled = false
}

/// Simulated users that start workflows without an index and remember the ids of their jobs.
extension SimulatedClients {
  func launch() async {
    guard world.plan.has(.starts) else { return }
    let random = world.random("starter")
    var number = 0
    while world.isStormy {
      await pause(random, .milliseconds(300)...(.seconds(6)))
      guard world.isStormy else { return }
      number += 1
      let makesChildren = random.chance(300)
      // The oracle counts the starts of a source only if each of its jobs names the source; a child's input does not.
      let source = makesChildren ? "chores" : random.chance(300) ? "source-1" : "errands"
      let input = StartInput(
        start: number, source: source, items: makesChildren ? Array(0...random.pick(4)) : [])
      let workflow = makesChildren ? Workflows.each : Workflows.errand
      let key = random.chance(300) ? "start \(number)" : nil
      guard let job = await start(input, workflow, key: key, random), key != nil, random.chance(500) else { continue }
      if let again = await start(input, workflow, key: key, random), again != job {
        world.oracle.broken(.acceptedIsKept, "The key of start \(number) was given two jobs.", about: [again.rawValue])
      }
    }
  }

  /// - Returns: the job; nil if no job was acknowledged.
  private func start(
    _ input: StartInput, _ workflow: PinnedWorkflow, key: String?, _ random: RandomStream
  ) async -> JobID? {
    let request = EnqueueRequest(
      workflow: workflow, input: input.json, inputHash: Workflows.hash(Array(input.json.utf8)), source: input.source,
      priority: random.pick(3) - 1, idempotencyKey: key, keyLife: .seconds(86_400), actor: "starter")
    do {
      let receipt = try await store.enqueue(request)
      if world.oracle.starts[receipt.job] == nil { world.oracle.starts[receipt.job] = StartFacts(input: input.json) }
      world.trace.note(
        "starter", "starts \(workflow.definition.name) \(input.start): \(receipt.outcome.rawValue)",
        about: [receipt.job.rawValue])
      return receipt.job
    } catch {
      world.trace.note("starter", "starts \(workflow.definition.name) \(input.start): \(Failure(error).code)")
      // With a key the same call can be repeated: it returns the job that the first call queued.
      guard Failure(error).reason == .outcomeUnknown, key != nil else { return nil }
      return await start(input, workflow, key: key, random)
    }
  }

  /// Checks that every acknowledged job exists with its input, belongs to no index, and completed.
  func judgeStarts() async throws {
    for (id, facts) in world.oracle.starts.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      let row = try await database.read { db in
        try db.first(
          "SELECT task, state, generation_key IS NULL AND document_key IS NULL FROM jobs WHERE id = \(id.rawValue)"
        ) { (input: $0.text(0), state: $0.text(1), isFree: $0.bool(2)) }
      }
      let label = world.oracle.label(id)
      guard let row else {
        guard !world.plan.has(.pruning) else { continue }
        return world.oracle.broken(
          .acceptedIsKept, "\(label) was accepted and is not known any more.", about: [id.rawValue])
      }
      guard row.input == facts.input, row.isFree else {
        return world.oracle.broken(
          .acceptedIsKept, "\(label) has another input than was accepted, or an index.", about: [id.rawValue])
      }
      guard row.state == "completed" || facts.wasCancelled && row.state == "cancelled" else {
        return world.oracle.broken(
          .everyJobEnds, "\(label) rests as \(row.state), though nothing keeps it from its end.", about: [id.rawValue])
      }
    }
  }
}
