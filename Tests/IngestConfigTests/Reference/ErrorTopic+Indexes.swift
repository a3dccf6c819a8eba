extension ErrorTopic {
  static let indexes = ErrorTopic(
    "Indexes and generations",
    [
      ErrorEntry(
        "INDEX_NOT_FOUND",
        "There is no index with this name.",
        "Take the suggested name, or create the index with `ingestd index create`."),
      ErrorEntry(
        "INDEX_EXISTS",
        "`index create` names settings that differ from those of the existing index.",
        "Leave the settings out to keep the index, or build a generation with them: `ingestd index build INDEX`."),
      ErrorEntry(
        "INDEX_NOT_READY",
        "The index has no live generation yet.",
        "Run `ingestd index create` again: it finishes an interrupted creation."),
      ErrorEntry(
        "INDEX_BUSY",
        "Another process kept an index file locked for too long.",
        "Look for a stopped `ingestd` process. The step is retried."),
      ErrorEntry(
        "INDEX_DAMAGED",
        "The files of a generation are damaged.",
        "Run `ingestd index verify INDEX --repair`, or build a new generation."),
      ErrorEntry(
        "INDEX_UNREADABLE",
        "The files of a generation cannot be opened.",
        "Check that the folder and its files belong to the user who runs `ingestd`."),
      ErrorEntry(
        "INDEX_STORAGE",
        "The operating system or SQLite reports an error on the files of a generation.",
        "Check the disk and the system log. The step is retried."),
      ErrorEntry(
        "INDEX_DIFFERS",
        "`index verify` found chunks that are missing, stale or superfluous.",
        "Repair them with `ingestd index verify INDEX --repair`. After a repair, let the workers drain and verify "
          + "again."),
      ErrorEntry(
        "NOT_PROVED",
        "`index verify` found no difference, but jobs of some documents have not ended.",
        "Let the workers drain, then verify again."),
      ErrorEntry(
        "VERIFICATION_FAILED",
        "The verify step of a build found that the generation differs from the catalogue.",
        "Run `ingestd index verify INDEX --generation N --repair`, then redrive the job."),
      ErrorEntry(
        "GENERATION_NOT_FOUND",
        "The index has no generation with this number.",
        "`ingestd index show INDEX` lists them."),
      ErrorEntry(
        "GENERATION_MISSING",
        "The back end has no files for the generation.",
        "`ingestd index show INDEX` lists the generations."),
      ErrorEntry(
        "GENERATION_NOT_MADE",
        "The files of the generation do not exist yet.",
        "Nothing. The step is retried. If it lasts, run `ingestd index verify INDEX --repair`."),
      ErrorEntry(
        "GENERATION_EXISTS",
        "The files of the generation exist with other dimensions.",
        "Build another generation with `ingestd index build INDEX`."),
      ErrorEntry(
        "GENERATION_DELETED",
        "The generation was deleted.",
        "Use one that `ingestd index show INDEX` lists."),
      ErrorEntry(
        "GENERATION_LIVE",
        "The generation is live, so it cannot be removed.",
        "Swap to another generation first."),
      ErrorEntry(
        "GENERATION_SAME",
        "A generation with these settings is live or being built.",
        "Change the embedder or the chunker, or build the same again with `--force`."),
      ErrorEntry(
        "GENERATION_BUSY",
        "Jobs of a generation that is being deleted are still stopping.",
        "Run the same command again in a moment."),
      ErrorEntry(
        "NO_CANDIDATE",
        "The index has no generation to swap to.",
        "Build one with `ingestd index build INDEX`."),
      ErrorEntry(
        "NO_PREVIOUS",
        "The index has no previous generation to roll back to.",
        "`ingestd index history INDEX` shows what happened to it."),
      ErrorEntry(
        "SWAP_REFUSED",
        "The new generation lacks documents that the live one holds.",
        "Let the workers drain and swap again. Redrive the dead letters that the error lists, or swap with "
          + "`--accept-missing N`."),
      ErrorEntry(
        "SWAP_CONFLICT",
        "Another swap happened at the same time, or the check before the swap is too old.",
        "Check with `ingestd index show INDEX`, then decide again."),
      ErrorEntry(
        "ROLLBACK_BEHIND",
        "The previous generation lacks changes that the live one has.",
        "Let the workers drain, or roll back with `--force`."),
      ErrorEntry(
        "DOCUMENT_DIED",
        "A document is missing in a generation because its job is a dead letter. Stands as a cause of "
          + "`SWAP_REFUSED`.",
        "Redrive the dead letter."),
      ErrorEntry(
        "UNKNOWN_BACKEND",
        "There is no index back end with this name.",
        "Use one that the hint lists."),
      ErrorEntry(
        "BACKEND_UNSUPPORTED",
        "The index back end cannot do this, for example verify.",
        "Build a generation in a back end that can, such as `sqlite`."),
      ErrorEntry(
        "KEYWORD_SEARCH_UNSUPPORTED",
        "The index back end cannot search by keyword.",
        "Search with `--mode vector`, or build a generation in a back end that can, such as `sqlite`."),
      ErrorEntry(
        "WRONG_DIMENSIONS",
        "A vector has other dimensions than the generation.",
        "Check the embedder's `dimensions`. Another embedder needs a new generation."),
      ErrorEntry(
        "VECTOR_NOT_FINITE",
        "A vector contains NaN or infinity.",
        "Check the embedding provider with `ingestd doctor`."),
      ErrorEntry(
        "CHUNK_GAP",
        "The chunks of a document reached the index out of order: one is missing before this one.",
        "Nothing. The step starts over. If it lasts, replay the job from its chunk step."),
      ErrorEntry(
        "CHUNKS_INCOMPLETE",
        "Not all chunks of a document are stored yet, so its revision cannot become visible.",
        "Nothing. The step writes the missing ones when it runs again."),
      ErrorEntry(
        "BAD_SEARCH",
        "The search request is wrong, such as an empty query or a limit out of bounds.",
        "Correct it; `ingestd search -h` explains the options."),
      ErrorEntry(
        "SEARCH_UNAVAILABLE",
        "This program has no embedders to search with.",
        "Search with the program `ingestd`."),
      ErrorEntry(
        "DOCUMENT_NOT_FOUND",
        "The index has no such document.",
        "`ingestd document list` shows them. Uris are absolute paths unless `--root` was given."),
      ErrorEntry(
        "DOCUMENT_AMBIGUOUS",
        "More than one document matches.",
        "Give `--source`, or more characters of the id."),
      ErrorEntry(
        "DOCUMENT_DELETED",
        "The document is deleted.",
        "Submit it again to have it back."),
      ErrorEntry(
        "DOCUMENT_NOT_HELD",
        "The generation does not hold the document yet.",
        "Wait for its job; `ingestd job show JOB` shows its progress."),
      ErrorEntry(
        "DOCUMENT_NOT_READ",
        "The document has not been parsed yet, or its job died.",
        "Wait for its job, or read the cause with `ingestd dead show JOB`."),
      ErrorEntry(
        "PAGE_NOT_FOUND",
        "The document has no such page.",
        "Give a page number up to the number that the hint names."),
    ])
}
