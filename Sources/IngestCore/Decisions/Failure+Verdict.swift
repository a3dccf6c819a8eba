extension Failure {
  static func ended(_ job: JobSubject) -> Failure {
    Failure(
      .permanent, code: "JOB_ENDED", "Job \(job.id) has already ended: it is \(job.state.rawValue).",
      hint: job.state == .dead
        ? "\(Action(.deadPurge, "\(job.id)")) deletes the dead letter." : "There is nothing left to cancel.",
      category: .refused)
  }

  static func notQueued(_ job: JobSubject) -> Failure {
    let hint: Hint =
      switch job.state {
      case .dead: "It is a dead letter: \(Action(.deadRedrive, "\(job.id)")) continues it."
      case .running, .waiting: "It is under way: \(Action(.jobShow, "\(job.id)")) shows its progress."
      case .queued, .completed, .cancelled: "\(Action(.jobReplay, "\(job.id)")) runs it again as a new job."
      }
    return Failure(
      .permanent, code: "JOB_NOT_QUEUED", "Job \(job.id) is \(job.state.rawValue), not queued.", hint: hint,
      category: .refused)
  }

  static func afterPrevious(_ job: JobSubject) -> Failure {
    Failure(
      .permanent, code: "JOB_NOT_QUEUED", "Job \(job.id) waits for an earlier job of the same document.",
      hint: "It starts by itself when the earlier job has ended.", category: .refused)
  }

  package static func notDead(_ id: String) -> Failure {
    Failure(
      .permanent, code: "DEAD_NOT_FOUND", "There is no dead letter '\(id)'.",
      hint: "\(Action(.deadList)) shows them. A unique prefix of at least four characters of the id is enough.",
      category: .notFound, reason: .deadLetterNotFound)
  }

  static func chunkOfDead(_ job: JobSubject) -> Failure {
    Failure(
      .permanent, code: "CHUNK_OF_DEAD", "Job \(job.id), which lost the chunk, is a dead letter itself.",
      hint: "Redrive the job: \(Action(.deadRedrive, "\(job.id)")).", category: .refused)
  }

  static func endingChildren(_ job: JobSubject) -> Failure {
    Failure(
      .transient, code: "CHILDREN_ENDING", "The children of job \(job.id) are still being cancelled.",
      hint: "Try again in a moment.", category: .later)
  }

  static func notFinished(_ job: JobSubject) -> Failure {
    Failure(
      .permanent, code: "JOB_NOT_FINISHED",
      "Job \(job.id) is \(job.state.rawValue): only an ended job can be replayed.",
      hint: "Wait for it with \(Action(.jobWait, "\(job.id)")), or cancel it first.", category: .refused)
  }

  static func needless(_ job: JobSubject) -> Failure {
    Failure(
      .permanent, code: "JOB_SUPERSEDED",
      "Job \(job.id) belongs to an outdated revision of its document or to a deleted generation.",
      hint: "Replay the document's newest job, or submit the document again.", category: .refused)
  }

  static func documentBusy(_ job: JobSubject) -> Failure {
    Failure(
      .permanent, code: "DOCUMENT_BUSY", "Another job is already doing the same work as job \(job.id).",
      hint: "Wait for that job. To find it: \(Action(.jobList, with: ["state": "queued"])) or "
        + "\(Action(.jobList, with: ["state": "running"])).",
      category: .refused)
  }

  static func singletonBusy(_ job: JobSubject, other: String) -> Failure {
    Failure(
      .permanent, code: "SINGLETON_BUSY",
      "Job \(other) of the same singleton has not ended, so job \(job.id) cannot run.",
      hint: "Wait for it with \(Action(.jobWait, "\(other)")).", category: .refused)
  }

  static func checkpointsCollected(_ job: JobSubject) -> Failure {
    Failure(
      .permanent, code: "CHECKPOINTS_COLLECTED", "The results of the steps of job \(job.id) are no longer stored.",
      hint: "Replay it from the first step: leave out \(option: "from"). Cached pages and embeddings are "
        + "reused.",
      category: .refused, reason: .checkpointsCollected)
  }
}
