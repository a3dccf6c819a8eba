/// The children that one step of a job has made.
package struct ChildGroup: Hashable, Sendable {
  /// Children that have not ended, the held ones among them.
  package var open: Int
  /// Children that wait for their turn.
  package var held: Int
  /// How many may be under way at once; nil for any number.
  package var parallel: Int?
  /// Whether the parent has ended, so that its open children are being ended.
  package var isClosing: Bool

  /// What follows when a child has ended.
  package enum Next: Hashable, Sendable {
    /// It was the last one.
    case wakeParent
    /// The first held child has its turn.
    case startHeld
    case nothing
  }

  package init(open: Int, held: Int = 0, parallel: Int? = nil, isClosing: Bool = false) {
    self.open = open
    self.held = held
    self.parallel = parallel
    self.isClosing = isClosing
  }

  /// Whether one more child may be under way.
  package var hasRoom: Bool { parallel.map { open - held < $0 } ?? true }

  /// What follows, once the child that ended is not counted any more.
  package var next: Next {
    if open == 0 { return .wakeParent }
    return !isClosing && held > 0 && hasRoom ? .startHeld : .nothing
  }

  /// Whether a dead child that is redriven waits for its turn. With no other open one it never does.
  package var holdsRedriven: Bool { open > 0 && !hasRoom }
}
