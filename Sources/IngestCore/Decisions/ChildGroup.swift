/// The children that one step of a job has made.
package struct ChildGroup: Hashable, Sendable {
  /// Children that have not ended, the held ones among them.
  package var open: Int
  /// Children that wait for their turn.
  package var held: Int
  /// The most children that may be open and not held at the same time; nil for any number.
  package var parallel: Int?
  /// Whether the parent has ended, so that its open children are being ended.
  package var isClosing: Bool

  /// The next action after a child has ended.
  package enum Next: Hashable, Sendable {
    /// Wake the parent: no child is open.
    case wakeParent
    /// Start the first held child.
    case startHeld
    case nothing
  }

  package init(open: Int, held: Int = 0, parallel: Int? = nil, isClosing: Bool = false) {
    self.open = open
    self.held = held
    self.parallel = parallel
    self.isClosing = isClosing
  }

  /// Whether one more child may start.
  package var hasRoom: Bool { parallel.map { open - held < $0 } ?? true }

  /// The next action. The child that ended must already be subtracted from ``open``.
  package var next: Next {
    if open == 0 { return .wakeParent }
    return !isClosing && held > 0 && hasRoom ? .startHeld : .nothing
  }

  /// Whether a dead child that is redriven must wait for its turn; never if no other child is open.
  package var holdsRedriven: Bool { open > 0 && !hasRoom }
}
