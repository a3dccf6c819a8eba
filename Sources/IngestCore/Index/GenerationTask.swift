/// The task of a job on a whole generation.
package struct GenerationTask: Codable, Hashable, Sendable {
  package var index: String
  package var generation: Int

  package init(index: String, generation: Int) {
    self.index = index
    self.generation = generation
  }
}
