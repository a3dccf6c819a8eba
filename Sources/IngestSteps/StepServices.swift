package import IngestCore
package import IngestDocuments
package import IngestEmbedding
package import IngestHTTPClient
package import IngestIndex

/// What the steps of ingestion work with.
package struct StepServices: Sendable {
  let generations: any GenerationStore
  let documents: any DocumentStore
  let blobs: any BlobStore
  let reader: DocumentReader
  let registry: BackendRegistry
  let backends: GenerationBackends
  let embedders: EmbedderFactory
  let clock: any TimeSource
  /// The workflow of this name for the children of a job: the newest, or the one of a version that is kept.
  let workflow: @Sendable (_ name: String, _ version: ContentHash?) async throws -> PinnedWorkflow
  /// The worker's own variables.
  let environment: [String: String]
  /// Guards the calls of `http` steps; nil guards none.
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
        hint: "\(Action(.workflowList)) shows those that there are.")
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

  /// Every kind of step that ``steps`` makes, for the catalogue of workflows.
  package static let kinds: [any Step.Type] = [
    ParseStep.self, ChunkStep.self, EmbedStep.self, UpsertStep.self, RemoveStep.self, FillStep.self, VerifyStep.self,
    ReadyStep.self, SwapStep.self, NoopStep.self, SleepStep.self, SignalStep.self, ApprovalStep.self, ForeachStep.self,
    ExecStep.self, HTTPStep.self,
  ]

  /// Every kind of step, for the worker's registry.
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

  /// What the generation of a task is built with; it never changes, so it is asked for once.
  func spec(_ index: String, _ generation: Int) async throws -> GenerationSpec {
    try await backends.spec(of: GenerationName(index: index, number: generation))
  }
}
