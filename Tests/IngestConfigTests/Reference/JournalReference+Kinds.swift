extension JournalReference {
  static let all: [(title: String, kinds: [Kind])] = [
    ("Jobs", jobs), ("Dead letters and retention", letters), ("Documents and generations", generations),
    ("Sources, limits and breakers", flow), ("Schedules", schedules),
  ]

  private static let jobs: [Kind] = [
    Kind("queued", "A submit, a schedule, a build or another job created the job."),
    Kind(
      "claimed", "A worker claimed the job for the first time.",
      data: "where limits gate the start: its time, in microseconds of the boot clock"),
    Kind("claimed-again", "A worker claimed a job that had run before.", data: "as for `claimed`"),
    Kind("checkpointed", "A step completed, and its result was stored.", data: "the step"),
    Kind("waiting", "The job waits for a time, a signal, its children or other jobs.", data: "the step, if it waits"),
    Kind("woken", "The wait ended, and the job is queued again.", data: "the event that ended the wait"),
    Kind("signalled", "Somebody sent the job a signal or answered an approval.", data: "the signal's name"),
    Kind(
      "parked", "The job waits for a limit or a dependency. It spends no attempt.", data: "the step or the error code"),
    Kind("retrying", "A step failed, and the job is queued for another try.", data: "the error code"),
    Kind("retried", "A person made a queued job due at once."),
    Kind("released", "A worker returned the job to the queue without a failure, for example when it stopped."),
    Kind("reclaimed", "A worker died, and its job returned to the queue."),
    Kind("cancel-requested", "Somebody asked a running job to stop.", data: "the reason, if another job caused it"),
    Kind("cancelled", "The job ended as cancelled."),
    Kind("superseded", "The job ended as cancelled, because its document has a newer revision."),
    Kind("condemned", "The job failed for good; its on-failure step runs before it dies.", data: "the error code"),
    Kind("died", "The job became a dead letter.", data: "the error code"),
    Kind("completed", "The job completed."),
    Kind("replayed", "A replay of the job was created.", data: "the id of the new job"),
  ]

  private static let letters: [Kind] = [
    Kind("redriven", "A dead letter continues.", data: "its start time, if it is delayed"),
    Kind("purged", "A dead letter was deleted.", data: "the job's id"),
    Kind("chunks-lost", "The embedder refused chunks of the job's document.", data: "their number"),
    Kind("chunk-purged", "The dead letter of a lost chunk was deleted.", data: "its id"),
    Kind("quarantine-lifted", "A content may be processed again.", data: "its SHA-256"),
    Kind("pruned", "Jobs older than their retention time were removed.", data: "their number and state"),
  ]

  private static let generations: [Kind] = [
    Kind("opened", "A generation was created.", data: "its embedder"),
    Kind("live", "The first generation of an index became live."),
    Kind("ready", "A build completed, and its generation may become live.", data: "its number"),
    Kind("swapped", "The generation became live.", data: "the generation before it, and missing documents"),
    Kind("rolled-back", "A previous generation became live again.", data: "as for `swapped`"),
    Kind("deleted", "The generation was deleted."),
    Kind("held", "The generation holds a revision of the document. A completed job's own line says so too."),
    Kind("unheld", "The generation no longer counts as holding the document, so that a job writes it again."),
  ]

  private static let flow: [Kind] = [
    Kind("source-created", "A source was created.", data: "its name"),
    Kind("weight-changed", "A source's weight was changed.", data: "the source and its weight"),
    Kind("limit-changed", "A limit was set, lifted or reset.", data: "the limit and its amount"),
    Kind("configured", "A worker put the limits of a changed configuration into force."),
    Kind("paused", "Everything, a source or a workflow was paused.", data: "what was paused"),
    Kind("resumed", "A pause was lifted.", data: "what was resumed"),
    Kind(
      "breaker", "A circuit breaker changed its state.",
      data: "JSON with `from`, `to`, `cause` and `wait`, the milliseconds until probes begin"),
  ]

  private static let schedules: [Kind] = [
    Kind("schedule-added", "A schedule was added.", data: "its name"),
    Kind("schedule-changed", "A schedule was changed.", data: "its name"),
    Kind("schedule-removed", "A schedule was removed.", data: "its name"),
    Kind("schedule-paused", "A schedule was paused.", data: "its name"),
    Kind("schedule-resumed", "A schedule was resumed.", data: "its name"),
    Kind("fired", "A schedule's tick started a job.", data: "the schedule and the tick's time"),
    Kind("tick-queued", "The tick waits until the run before it has ended.", data: "as for `fired`"),
    Kind("skipped", "The tick was skipped, because a run had not ended.", data: "as for `fired`"),
    Kind("missed", "No worker was running at this tick and those after it.", data: "as for `fired`"),
    Kind("tick-failed", "The tick could not start a job.", data: "as for `fired`, and the error code"),
  ]

  static let jobEvents: [Kind] = [
    Kind("step-started", "A step has started and not completed yet."),
    Kind("step-completed", "A step completed."),
    Kind("step-inherited", "A replay inherited the step's result from the job that it repeats."),
    Kind("step-skipped", "The step's condition did not hold."),
    Kind("attempt-failed", "An attempt failed, with the error.", data: "shown as `error`"),
    Kind("log", "A step wrote a line to its log.", data: "the line"),
  ]
}
