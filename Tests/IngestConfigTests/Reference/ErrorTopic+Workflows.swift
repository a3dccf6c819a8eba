extension ErrorTopic {
  static let workflows = ErrorTopic(
    "Workflows and steps",
    [
      ErrorEntry(
        "WORKFLOW_INVALID",
        "A workflow file has mistakes. Each is a cause of this error, with its line.",
        "Correct the file; `ingestd workflow validate FILE` checks it again."),
      ErrorEntry(
        "WORKFLOW_NOT_FOUND",
        "There is no workflow with this name.",
        "Take the suggested name; `ingestd workflow list` shows all."),
      ErrorEntry(
        "WORKFLOW_MISSING",
        "The workflow version that a job needs is not stored.",
        "Start the work again as a new job, which uses the current version."),
      ErrorEntry(
        "WORKFLOW_GONE",
        "The workflow no longer exists, so `--latest` has no newest version.",
        "Leave out `--latest` to continue with the job's own version."),
      ErrorEntry(
        "WORKFLOW_NEEDS_DOCUMENT",
        "A step of the workflow needs a document, but the job has none.",
        "Submit a document: `ingestd submit PATH --workflow NAME`."),
      ErrorEntry(
        "WORKFLOW_NEEDS_GENERATION",
        "A step of the workflow needs a generation of an index, but the job has none.",
        "Run it with `ingestd index build INDEX`."),
      ErrorEntry(
        "CONDITION_INVALID",
        "A condition under `when` is wrong at the character that the message names.",
        "Correct it; [workflows.md](workflows.md#conditions) explains conditions."),
      ErrorEntry(
        "STEP_NOT_FOUND",
        "The workflow has no step with this id.",
        "Take the suggested id."),
      ErrorEntry(
        "STEP_UNKNOWN",
        "This worker has no step of the kind that the workflow uses.",
        "Run a worker of the version for which the workflow was written."),
      ErrorEntry(
        "STEP_SETTING",
        "A setting under `with` is missing or cannot be read.",
        "Check the workflow with `ingestd workflow validate`, correct it, then submit again."),
      ErrorEntry(
        "STEP_INPUT",
        "A step cannot read its job's task or an earlier step's result.",
        "Check that the workflow fits this kind of job, and that the steps that it needs come before it."),
      ErrorEntry(
        "STEP_TIMEOUT",
        "A step ran longer than its `timeout`.",
        "If it only needs more time, raise `timeout` in the workflow. The step is retried."),
      ErrorEntry(
        "STEP_INTERRUPTED",
        "A step reported a cancellation that nobody requested.",
        "Nothing. The step is retried."),
      ErrorEntry(
        "CHECKPOINT_TOO_LARGE",
        "A step returned a larger result than a checkpoint may have.",
        "Store large results in the blob store and return their hash."),
      ErrorEntry(
        "EFFECT_UNKNOWN",
        "A step asks for a change that the store does not know.",
        "Run a worker of the version for which the step was written."),
      ErrorEntry(
        "FOREACH_ITEMS",
        "`items` of a foreach step is neither a list nor a number.",
        "Check the results of the steps before it with `ingestd job show JOB --json`."),
      ErrorEntry(
        "FOREACH_TOO_MANY",
        "`items` of a foreach step has more entries than its `limit`.",
        "Raise `limit`, or put several elements into each item."),
      ErrorEntry(
        "CHILDREN_FAILED",
        "Fewer child jobs completed than `min-success` asks for.",
        "Correct and redrive the dead children, then redrive this job."),
      ErrorEntry(
        "EXEC_NOT_FOUND",
        "The program of an exec step does not exist or cannot be run.",
        "Install it on the worker's machine or correct `command`, then redrive the job."),
      ErrorEntry(
        "EXEC_NOT_STARTED",
        "The system could not start the program of an exec step, or create its folder.",
        "Check the user's limits on processes, open files and memory, and the space in the temporary folder."),
      ErrorEntry(
        "EXEC_VARIABLE_MISSING",
        "The worker lacks an environment variable that `pass-env` names.",
        "Start the worker with the variable, then redrive the job."),
      ErrorEntry(
        "EXEC_FAILED",
        "The program ended with a status other than 0. A code that the program reports takes the place of this one.",
        "Read its log with `ingestd job logs JOB`.",
        kind: "as `exit` of the step says, else transient"),
      ErrorEntry(
        "EXEC_SIGNALLED",
        "A signal ended the program. SIGKILL may mean that memory ran out.",
        "Read its log with `ingestd job logs JOB`."),
      ErrorEntry(
        "EXEC_CPU_LIMIT",
        "The program used all processor time that `cpu` allows.",
        "If it only needs more time, raise `cpu`."),
      ErrorEntry(
        "EXEC_OUTPUT_INVALID",
        "The program succeeded, but its output is not a JSON object.",
        "Print one JSON object to standard output and everything else to standard error."),
      ErrorEntry(
        "EXEC_OUTPUT_TOO_LONG",
        "The program printed more than the limit, so it was killed.",
        "Print one small JSON object, and store large data elsewhere."),
      ErrorEntry(
        "EXEC_RESULT_TOO_LARGE",
        "The JSON that the program printed is larger than a result may be.",
        "Store large data elsewhere and print where it is."),
      ErrorEntry(
        "HTTP_REQUEST_INVALID",
        "The URL or the headers of an http step make no valid request.",
        "Correct `url` or `headers` in the workflow."),
      ErrorEntry(
        "HTTP_SECRET_MISSING",
        "The worker cannot read a key that an http step sends or signs with.",
        "Start the worker with the key, then redrive the job."),
      ErrorEntry(
        "HTTP_HOST_UNKNOWN",
        "The host name in `url` cannot be resolved.",
        "Check the name and the name server. The step is retried."),
      ErrorEntry(
        "HTTP_REFUSED",
        "The server refuses the connection.",
        "Check that the server runs and that the worker's machine can reach it. The step is retried."),
      ErrorEntry(
        "HTTP_TIMEOUT",
        "The server did not answer within `answer-timeout`.",
        "If it only needs more time, raise `answer-timeout`. The step is retried."),
      ErrorEntry(
        "HTTP_TLS",
        "The secure connection to the server failed.",
        "Check the server's certificate and the machine's clock. The step is retried."),
      ErrorEntry(
        "HTTP_CONNECTION_LOST",
        "The connection to the server broke.",
        "Nothing. The step is retried."),
      ErrorEntry(
        "HTTP_ANSWER_INVALID",
        "The response is not valid HTTP.",
        "Check that an HTTP server listens at `url`. The step is retried."),
      ErrorEntry(
        "HTTP_ANSWER_TOO_LARGE",
        "The response is larger than `answer-limit`.",
        "Return less, or raise `answer-limit`."),
      ErrorEntry(
        "HTTP_RESULT_TOO_LARGE",
        "The JSON in the response is larger than a result may be.",
        "Store large data elsewhere and return where it is."),
      ErrorEntry(
        "HTTP_REDIRECTED",
        "The server redirects the request, which the step does not follow.",
        "Put the final address into `url`.",
        kind: "permanent"),
      ErrorEntry(
        "HTTP_STATUS",
        "The server returned an error status. A code that the server reports takes the place of this one.",
        "See the server's log.",
        kind: "throttled for 408, 425 and 429; transient for 500 and above; else permanent"),
    ])
}
