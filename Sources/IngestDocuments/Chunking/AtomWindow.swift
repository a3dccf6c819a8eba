/// The atoms that may still go into the next chunk: a queue that never holds more than a chunk's lookahead.
struct AtomWindow {
  private var scanner: AtomScanner
  private var atoms: [Atom] = []
  private var head = 0
  private var atEnd = false

  init(_ scanner: AtomScanner) { self.scanner = scanner }

  /// An atom by its offset from the first one that is not yet in a chunk.
  subscript(offset: Int) -> Atom { atoms[head + offset] }

  /// Returns the atom, scanning further if needed; nil past the end of the text.
  mutating func atom(_ offset: Int) -> Atom? {
    while head + offset >= atoms.count {
      guard !atEnd, let next = scanner.next() else {
        atEnd = true
        return nil
      }
      atoms.append(next)
    }
    return atoms[head + offset]
  }

  mutating func drop(_ count: Int) {
    head += count
    if head > 1024 {
      atoms.removeFirst(head)
      head = 0
    }
  }
}
