extension ErrorTopic {
  static let jobs = ErrorTopic(
    "Jobs",
    [
      ErrorEntry(
        "JOB_NOT_FOUND",
        "There is no job with this id. It may have been purged or pruned.",
        "`ingestd job list` shows the newest. Four or more characters of an id are enough if they are unique."),
      ErrorEntry(
        "JOB_AMBIGUOUS",
        "More than one job or dead letter begins with these characters.",
        "Give more characters of the id."),
      ErrorEntry(
        "JOB_ENDED",
        "The job has ended, so it cannot be cancelled and takes no signals.",
        "`ingestd job show JOB` shows its outcome. Redrive a dead letter before you send a signal."),
      ErrorEntry(
        "JOB_NOT_QUEUED",
        "Only a queued job can be retried, and this one is not queued or waits for an earlier job of its document.",
        "Wait. It runs by itself."),
      ErrorEntry(
        "JOB_NOT_FINISHED",
        "Only an ended job can be replayed.",
        "Wait with `ingestd job wait JOB`, or cancel it first."),
      ErrorEntry(
        "JOB_SUPERSEDED",
        "The job belongs to an old revision of its document or to a deleted generation.",
        "Replay the document's newest job, or submit the document again."),
      ErrorEntry(
        "JOB_CHANGED",
        "The job changed at the same moment.",
        "Try again."),
      ErrorEntry(
        "JOB_WITHOUT_INDEX",
        "A step writes to an index, but its job belongs to none.",
        "Submit the document with `ingestd submit`."),
      ErrorEntry(
        "DOCUMENT_BUSY",
        "Another job is already doing the same work.",
        "Wait for that job; `ingestd job list --state running` shows it."),
      ErrorEntry(
        "SINGLETON_BUSY",
        "The workflow allows one open job per key, and another one is open.",
        "Wait for it with `ingestd job wait JOB`."),
      ErrorEntry(
        "CHILDREN_ENDING",
        "The child jobs are still being cancelled.",
        "Try again in a moment."),
      ErrorEntry(
        "CHECKPOINTS_COLLECTED",
        "The results of earlier steps are no longer stored, so the job cannot start from a later step.",
        "Replay it from the first step: leave out `--from`."),
      ErrorEntry(
        "DEADLINE_PASSED",
        "The job did not end within its workflow's `deadline`.",
        "Raise `deadline` in the workflow, then redrive the job."),
      ErrorEntry(
        "WAIT_TIMEOUT",
        "`--wait` ended because jobs have not ended within the time. They continue.",
        "`ingestd job show JOB` shows how far each is."),
      ErrorEntry(
        "NO_WORKER",
        "Jobs wait, and no worker is running. What was submitted is kept.",
        "Start one with `ingestd worker`."),
      ErrorEntry(
        "DRAIN_STUCK",
        "`worker --drain` stopped because the remaining jobs need a person, a resume or quota.",
        "`ingestd source list` shows pauses and `ingestd job show JOB` shows why a job waits. Then drain again."),
      ErrorEntry(
        "WORKER_UNKNOWN",
        "Other workers considered this worker dead.",
        "Nothing. It registers again by itself."),
      ErrorEntry(
        "DEAD_NOT_FOUND",
        "There is no dead letter with this id.",
        "`ingestd dead list` shows them. Four or more characters of an id are enough if they are unique."),
      ErrorEntry(
        "CHUNK_OF_DEAD",
        "A lost chunk cannot be redriven alone, because its job is a dead letter too.",
        "Redrive the job."),
      ErrorEntry(
        "SIGNAL_NAME_INVALID",
        "The name of a signal has wrong characters or is too long.",
        "Use letters, digits, `.`, `_` and `-`. Answer approvals with `ingestd job approve`."),
      ErrorEntry(
        "SIGNAL_DATA_INVALID",
        "The data of a signal is not valid JSON.",
        "Give one JSON value. Put text in quotes: `--payload '\"yes\"'`."),
      ErrorEntry(
        "SIGNAL_DATA_UNREADABLE",
        "The file or standard input with a signal's data cannot be read.",
        "Give the JSON itself, `@FILE`, or `-` for standard input."),
      ErrorEntry(
        "SIGNAL_TOO_LARGE",
        "The data of a signal exceeds the limit that the message names.",
        "Put the data into a file and send its path."),
      ErrorEntry(
        "SIGNALS_FULL",
        "The job has the most signals that can wait, and no step has taken them.",
        "`ingestd job show JOB` shows what the job waits for."),
      ErrorEntry(
        "SIGNAL_TIMEOUT",
        "A signal did not arrive within the step's `timeout`.",
        "Redrive the job, then send the signal with `ingestd job signal JOB NAME`."),
      ErrorEntry(
        "APPROVAL_NOT_AWAITED",
        "The job waits for no approval now.",
        "Name the step with `--step` to answer before it asks."),
      ErrorEntry(
        "APPROVAL_NOT_FOUND",
        "The workflow of the job has no approval with this name.",
        "Name one that the hint lists."),
      ErrorEntry(
        "APPROVAL_DONE",
        "The approval has been answered already.",
        "`ingestd job show JOB` shows the answer."),
      ErrorEntry(
        "APPROVAL_TIMEOUT",
        "Nobody answered the approval within its `timeout`.",
        "Redrive the job, then answer with `ingestd job approve JOB`."),
      ErrorEntry(
        "APPROVAL_REJECTED",
        "Somebody rejected the approval, or nobody answered it and `on-timeout` is `reject`.",
        "Redrive the job to ask again, or remove it with `ingestd dead purge JOB`."),
    ])
}
