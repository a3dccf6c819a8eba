extension Failure {
  static func ended(_ job: JobSubject) -> Failure {
    Failure(
      .permanent, code: "JOB_ENDED", "Job \(job.id) has ended already: it is \(job.state.rawValue).",
      hint: job.state == .dead
        ? "\(Action(.deadPurge, "\(job.id)")) forgets a dead letter." : "There is nothing left to cancel.",
      category: .refused)
  }

  static func notQueued(_ job: JobSubject) -> Failure {
    let hint: Hint =
      switch job.state {
      case .dead: "It is a dead letter: \(Action(.deadRedrive, "\(job.id)"))."
      case .running, .waiting: "It is under way: \(Action(.jobShow, "\(job.id)"))."
      case .queued, .completed, .cancelled: "\(Action(.jobReplay, "\(job.id)")) runs it again as a new job."
      }
    return Failure(
      .permanent, code: "JOB_NOT_QUEUED", "Job \(job.id) is \(job.state.rawValue), not queued.", hint: hint,
      category: .refused)
  }

  static func afterPrevious(_ job: JobSubject) -> Failure {
    Failure(
      .permanent, code: "JOB_NOT_QUEUED", "Job \(job.id) waits for an earlier job of the same document.",
      hint: "It starts by itself when that one has ended.", category: .refused)
  }

  package static func notDead(_ id: String) -> Failure {
    Failure(
      .permanent, code: "DEAD_NOT_FOUND", "There is no dead letter '\(id)'.",
      hint: "\(Action(.deadList)) shows them; an id may be cut short to a unique beginning of four or more characters.",
      category: .notFound, reason: .deadLetterNotFound)
  }

  static func chunkOfDead(_ job: JobSubject) -> Failure {
    Failure(
      .permanent, code: "CHUNK_OF_DEAD", "The job that lost the chunk, \(job.id), died itself.",
      hint: "Redrive the job: \(Action(.deadRedrive, "\(job.id)")).", category: .refused)
  }

  static func endingChildren(_ job: JobSubject) -> Failure {
    Failure(
      .transient, code: "CHILDREN_ENDING", "The children of job \(job.id) are being cancelled still.",
      hint: "Try again in a moment.", category: .later)
  }

  static func notFinished(_ job: JobSubject) -> Failure {
    Failure(
      .permanent, code: "JOB_NOT_FINISHED", "Job \(job.id) is \(job.state.rawValue): only a finished job is replayed.",
      hint: "Wait for it with \(Action(.jobWait, "\(job.id)")), or cancel it first.", category: .refused)
  }

  static func needless(_ job: JobSubject) -> Failure {
    Failure(
      .permanent, code: "JOB_SUPERSEDED",
      "Job \(job.id) is of a revision that is not wanted any more, or of a generation that is gone.",
      hint: "Replay the document's newest job, or submit the document again.", category: .refused)
  }

  static func documentBusy(_ job: JobSubject) -> Failure {
    Failure(
      .permanent, code: "DOCUMENT_BUSY", "Another job does the same work as job \(job.id) at present.",
      hint: "Wait for that one: \(Action(.jobList, with: ["state": "queued"])), `--state running`.", category: .refused)
  }

  static func singletonBusy(_ job: JobSubject, other: String) -> Failure {
    Failure(
      .permanent, code: "SINGLETON_BUSY", "Job \(other) is open, and job \(job.id) may not be beside it.",
      hint: "Wait for that one: \(Action(.jobWait, "\(other)")).", category: .refused)
  }

  static func checkpointsCollected(_ job: JobSubject) -> Failure {
    Failure(
      .permanent, code: "CHECKPOINTS_COLLECTED", "What the steps of job \(job.id) had made is not kept any more.",
      hint: "Replay it from the first step: leave --from out. What was read and embedded before is found again.",
      category: .refused, reason: .checkpointsCollected)
  }
}
