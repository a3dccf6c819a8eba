/// A workflow definition and its version.
package struct PinnedWorkflow: Hashable, Sendable {
  package var version: ContentHash
  package var definition: WorkflowDefinition

  package init(version: ContentHash, definition: WorkflowDefinition) {
    self.version = version
    self.definition = definition
  }
}
