extension ErrorTopic {
  static let embedders = ErrorTopic(
    "Embedders",
    [
      ErrorEntry(
        "EMBEDDER_UNKNOWN",
        "No embedder has this name.",
        "Configure it under `embedders`, or use a known one."),
      ErrorEntry(
        "EMBEDDER_PROVIDER_UNKNOWN",
        "The embedder's `provider` is unknown.",
        "Use one that the hint lists."),
      ErrorEntry(
        "EMBEDDER_MODEL_UNKNOWN",
        "The provider has no such model.",
        "Check the model's name, or load the model into the server. Jobs wait until then."),
      ErrorEntry(
        "EMBEDDER_SETTINGS",
        "The embedder's settings make no valid request.",
        "Correct them; `ingestd config` shows where each is set."),
      ErrorEntry(
        "EMBEDDER_KEY_MISSING",
        "The embedder's key is not in its variable or file.",
        "Set the variable for every worker, or put the key into the file."),
      ErrorEntry(
        "EMBEDDER_UNAUTHORIZED",
        "The provider refuses the key.",
        "Check the key and its permissions, then run `ingestd job retry`. Jobs wait until then."),
      ErrorEntry(
        "EMBEDDER_QUOTA",
        "The quota at the provider is used up.",
        "Raise the quota, then run `ingestd job retry`. Jobs wait until then."),
      ErrorEntry(
        "EMBEDDER_THROTTLED",
        "The provider asks to wait.",
        "Nothing. The request is retried after the wait. Lower the embedder's `concurrency` to be throttled less."),
      ErrorEntry(
        "EMBEDDER_TIMEOUT",
        "The provider did not answer in time.",
        "Nothing. The request is retried. If the server is slow, use smaller batches or raise `timeout`."),
      ErrorEntry(
        "EMBEDDER_UNREACHABLE",
        "The provider cannot be reached.",
        "Check that the server runs and that `base-url` is right. The request is retried."),
      ErrorEntry(
        "EMBEDDER_FAILED",
        "The provider reports an error of its own.",
        "See the server's log. The request is retried."),
      ErrorEntry(
        "EMBEDDER_REFUSED",
        "The provider refuses the request.",
        "Check `base-url`, `model`, `dimensions` and `encoding`."),
      ErrorEntry(
        "EMBEDDER_BAD_ANSWER",
        "The provider's response is no valid list of vectors, or is too large.",
        "Check that `base-url` is the address of an embedding server."),
      ErrorEntry(
        "EMBEDDER_DIMENSION",
        "The vectors have other dimensions than configured.",
        "Set `dimensions` to the number that the message names and build a new generation, or use another model."),
      ErrorEntry(
        "EMBEDDING_EMPTY_TEXT",
        "An empty text has no vector.",
        "Leave out empty texts."),
      ErrorEntry(
        "EMBEDDING_TEXT_TOO_LONG",
        "A text is too long for the model.",
        "Build a generation with smaller chunks."),
      ErrorEntry(
        "EMBEDDING_REFUSED",
        "The provider refuses one text, for example because of a content filter.",
        "Read the text with `ingestd document chunks`."),
      ErrorEntry(
        "CHUNKS_REFUSED",
        "The embedder refused more chunks of a document than `lost-chunks` allows.",
        "Correct the document or the chunker's settings, or raise `lost-chunks` of the embed step."),
    ])
}
