/// A job's claim to be the only open one with its key.
package struct SingletonClaim: Hashable, Sendable {
  /// Unique among open jobs: workflow, generation (`-` without an index), key and value.
  package var name: String
  package var mode: Singleton.Mode

  package init(name: String, mode: Singleton.Mode) {
    self.name = name
    self.mode = mode
  }

  /// Another open job with the same name that nobody has asked to stop.
  package struct Holder: Hashable, Sendable {
    package var isQueued: Bool
    /// Whether it is a job of the same document: then a newer revision supersedes it while it is queued.
    package var isOfSameDocument: Bool

    package init(isQueued: Bool, isOfSameDocument: Bool = false) {
      self.isQueued = isQueued
      self.isOfSameDocument = isOfSameDocument
    }
  }

  package enum Decision: Hashable, Sendable {
    /// The new job takes the name.
    case take
    /// The holder stops, and the new job takes the name.
    case replace
    /// Nothing is queued, and the answer names the holder.
    case skip
    /// The new job runs without the name.
    case goWithout
  }

  /// Decides about a job that may still be refused.
  package func decide(holder: Holder?) -> Decision {
    guard holder != nil else { return .take }
    return switch mode {
    case .skip: .skip
    case .cancel: .replace
    }
  }

  /// Decides about a job of an accepted submit, which every open generation needs.
  ///
  /// With `skip`, an older job may still be open in a generation that is not live, although the one in the live
  /// generation has ended. The newer job then runs without the name.
  package func decideAccepted(holder: Holder?) -> Decision {
    guard let holder, !(holder.isQueued && holder.isOfSameDocument) else { return .take }
    return switch mode {
    case .skip: .goWithout
    case .cancel: .replace
    }
  }
}

extension EnqueueRequest {
  /// The claim of the workflow's job. Nil if the workflow is no singleton, or if its key exists only for jobs of an
  /// index.
  package var singleton: SingletonClaim? {
    guard let singleton = workflow.definition.singleton else { return nil }
    let value: String
    switch singleton.key {
    case .source: value = source
    case .workflow: value = ""
    case .index, .document, .tenant, .meta, .provider: return nil
    }
    return SingletonClaim(name: "\(workflow.definition.name)/-/\(singleton.key)=\(value)", mode: singleton.mode)
  }
}
