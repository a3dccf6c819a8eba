package import IngestCore
package import IngestDocuments
package import IngestEmbedding
package import IngestHTTPClient
package import IngestIndex

/// The services that the ingestion steps use.
package struct StepServices: Sendable {
  let generations: any GenerationStore
  let documents: any DocumentStore
  let blobs: any BlobStore
  let reader: DocumentReader
  let registry: BackendRegistry
  let backends: GenerationBackends
  let embedders: EmbedderFactory
  let clock: any TimeSource
  /// Returns the workflow with this name for the children of a job: the stored version if one is given, else the
  /// newest.
  let workflow: @Sendable (_ name: String, _ version: ContentHash?) async throws -> PinnedWorkflow
  /// The worker's environment variables.
  let environment: [String: String]
  /// The gate for calls of `http` steps. Nil allows all calls.
  let gate: (any DependencyGate)?
  let http: HTTPClient
  let texts: TextCache

  package init(
    generations: any GenerationStore, documents: any DocumentStore, blobs: any BlobStore, reader: DocumentReader,
    backends: BackendRegistry, embedders: EmbedderFactory, clock: any TimeSource,
    workflow: @escaping @Sendable (_ name: String, _ version: ContentHash?) async throws -> PinnedWorkflow = {
      name, _ in
      throw Failure(
        .permanent, code: "WORKFLOW_MISSING", "There is no workflow '\(name)'.",
        hint: "List the workflows with \(Action(.workflowList)).")
    }, environment: [String: String] = [:], gate: (any DependencyGate)? = nil, http: HTTPClient = HTTPClient()
  ) {
    self.generations = generations
    self.documents = documents
    self.blobs = blobs
    self.reader = reader
    registry = backends
    self.backends = GenerationBackends(backends, generations: generations)
    self.embedders = embedders
    self.clock = clock
    self.workflow = workflow
    self.environment = environment
    self.gate = gate
    self.http = http
    texts = TextCache()
  }

  /// Every kind of step in ``steps``, for the catalogue of steps.
  package static let kinds: [any Step.Type] = [
    ParseStep.self, ChunkStep.self, EmbedStep.self, UpsertStep.self, RemoveStep.self, FillStep.self, VerifyStep.self,
    ReadyStep.self, SwapStep.self, NoopStep.self, SleepStep.self, SignalStep.self, ApprovalStep.self, ForeachStep.self,
    ExecStep.self, HTTPStep.self,
  ]

  /// One step of every kind, for the worker's registry.
  package var steps: [any Step] {
    [
      ParseStep(services: self), ChunkStep(services: self), EmbedStep(services: self), UpsertStep(services: self),
      RemoveStep(services: self), FillStep(services: self), VerifyStep(services: self), ReadyStep(),
      SwapStep(
        services: self), NoopStep(),
      SleepStep(), SignalStep(services: self), ApprovalStep(), ForeachStep(services: self),
      ExecStep(services: self), HTTPStep(services: self),
    ]
  }

  /// Returns the settings of a generation. They never change, so they are read once and cached.
  func spec(_ index: String, _ generation: Int) async throws -> GenerationSpec {
    try await backends.spec(of: GenerationName(index: index, number: generation))
  }
}
