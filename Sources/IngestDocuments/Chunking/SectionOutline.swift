/// The starts of sections and the heading path of each.
struct SectionOutline {
  /// Starts in scalars, ascending; the first is 0, before any heading.
  private(set) var starts: [Int] = [0]
  /// The heading path of each section, outermost first.
  private(set) var paths: [[String]] = [[]]

  init(_ headings: [Heading]) {
    var open: [(level: Int, title: String)] = []
    for heading in headings {
      while let last = open.last, last.level >= heading.level { open.removeLast() }
      open.append((heading.level, heading.title))
      let path = open.map(\.title)
      // Two headings at one place start one section.
      if heading.offset <= starts[starts.count - 1] {
        paths[paths.count - 1] = path
      } else {
        starts.append(heading.offset)
        paths.append(path)
      }
    }
  }

  static func common(_ left: [String], _ right: [String]) -> [String] {
    Array(zip(left, right).prefix { $0 == $1 }.map(\.0))
  }
}
