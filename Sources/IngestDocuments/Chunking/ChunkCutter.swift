import IngestCore

/// A cutter that takes one chunk after another off the window.
struct ChunkCutter {
  struct Cut {
    var bytes: Range<Int>
    var scalars: Range<Int>
    var heading: [String]
    var tokens: Int
  }

  private let settings: ChunkerSettings
  private let outline: SectionOutline
  private var window: AtomWindow
  /// Number of atoms at the window's head that the previous chunk contains too.
  private var carried = 0

  init(settings: ChunkerSettings, outline: SectionOutline, window: AtomWindow) {
    self.settings = settings
    self.outline = outline
    self.window = window
  }

  mutating func next() -> Cut? {
    guard let first = window.atom(0) else { return nil }
    let section = measure(from: 0, section: first.section, upTo: settings.target + settings.maximum)
    if section.whole, section.tokens <= settings.maximum { return merged(first, section) }
    let aim = section.whole ? min(settings.target, (section.tokens + 1) / 2) : settings.target
    guard let count = place(aim: aim, among: section.atoms) else {
      // The repeated atoms leave no room for anything new.
      window.drop(carried)
      carried = 0
      return next()
    }
    let cut = make(first, count, heading: outline.paths[first.section])
    carried = repeated(before: count)
    window.drop(count - carried)
    return cut
  }

  /// Counts atoms and pieces of a section from an offset on, up to `limit` pieces.
  private mutating func measure(
    from offset: Int, section: Int, upTo limit: Int
  ) -> (atoms: Int, tokens: Int, whole: Bool) {
    var atoms = 0
    var tokens = 0
    while let atom = window.atom(offset + atoms), atom.section == section {
      guard tokens + atom.tokens <= limit else { return (atoms, tokens, false) }
      tokens += atom.tokens
      atoms += 1
    }
    return (atoms, tokens, true)
  }

  /// Returns a whole section. If it is tiny, the sections after it are added while they fit and all have a heading in
  /// common.
  private mutating func merged(_ first: Atom, _ section: (atoms: Int, tokens: Int, whole: Bool)) -> Cut {
    var atoms = section.atoms
    var tokens = section.tokens
    var heading = outline.paths[first.section]
    while tokens < settings.target / 2, let next = window.atom(atoms) {
      let common = SectionOutline.common(heading, outline.paths[next.section])
      guard !common.isEmpty else { break }
      let more = measure(from: atoms, section: next.section, upTo: settings.target - tokens)
      guard more.whole else { break }
      atoms += more.atoms
      tokens += more.tokens
      heading = common
    }
    let cut = make(first, atoms, heading: heading)
    window.drop(atoms)
    carried = 0
    return cut
  }

  /// Returns how many atoms to take: up to the best place near the aim that the maximum allows and that lies past the
  /// repeated atoms; nil if there is none.
  private func place(aim: Int, among atoms: Int) -> Int? {
    // The best place of each kind, with its distance from the aim.
    var best: [(count: Int, distance: Int)?] = Array(repeating: nil, count: 5)
    var tokens = 0
    for offset in 0..<atoms {
      let atom = window[offset]
      tokens += atom.tokens
      guard tokens <= settings.maximum else { break }
      let kind = Int(atom.boundary.rawValue)
      guard offset >= carried, tokens * 100 >= aim * Self.least[kind] else { continue }
      let distance = abs(tokens - aim)
      if let known = best[kind], known.distance <= distance { continue }
      best[kind] = (offset + 1, distance)
    }
    for found in best.reversed() {
      if let found { return found.count }
    }
    return carried > 0 ? nil : 1
  }

  /// Minimum length of a chunk that ends at each kind of ``Boundary``, in hundredths of the aim.
  private static let least = [0, 85, 75, 60, 50]

  /// Returns how many atoms before the cut the next chunk repeats. It starts at a sentence if one is near, otherwise at
  /// a word.
  private func repeated(before count: Int) -> Int {
    guard window[count - 1].boundary < .paragraph else { return 0 }
    var tokens = 0
    var words = 0
    var sentence = 0
    for back in 1..<max(1, count) {
      let atom = window[count - back]
      tokens += atom.tokens
      guard tokens <= settings.overlap else { break }
      let before = window[count - back - 1].boundary
      if before >= .paragraph { return back }
      if before > .scalar { words = back }
      if before == .sentence { sentence = back }
    }
    return sentence > 0 ? sentence : words
  }

  private func make(_ first: Atom, _ count: Int, heading: [String]) -> Cut {
    let last = window[count - 1]
    var tokens = 0
    for offset in 0..<count { tokens += window[offset].tokens }
    return Cut(
      bytes: first.startByte..<last.endByte, scalars: first.startScalar..<last.endScalar, heading: heading,
      tokens: tokens)
  }
}
