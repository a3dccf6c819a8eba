private import IngestCore

/// A builder of the tree from events, within the limits.
struct YAMLComposer {
  private let stream: YAMLEventStream
  private let file: String
  private let limits: YAMLLimits
  private var anchors: [String: Anchored] = [:]
  /// The anchors whose node is not complete yet. An alias to one of them would be a loop.
  private var open: Set<String> = []
  private var nodes = 0
  private(set) var diagnostics: [Diagnostic] = []

  private struct Anchored {
    var node: YAMLNode
    var nodes: Int
    /// The levels of mappings and lists in the node; 0 for a scalar.
    var height: Int
  }

  init(stream: YAMLEventStream, file: String, limits: YAMLLimits) {
    self.stream = stream
    self.file = file
    self.limits = limits
  }

  mutating func document() throws(YAMLStop) -> YAMLNode? {
    _ = try stream.next()
    guard case .documentStart = try stream.next().kind else { return nil }
    let root = try node(try stream.next(), depth: 0).node
    _ = try stream.next()
    let after = try stream.next()
    guard case .streamEnd = after.kind else {
      throw stop(after.origin, "a second document begins here", hint: "a file has one document: remove the `---`")
    }
    return root
  }

  /// - Parameter depth: the number of mappings and lists around the node.
  private mutating func node(_ event: YAMLEvent, depth: Int) throws(YAMLStop) -> Anchored {
    if case .alias(let name) = event.kind { return try repeated(name, event, depth: depth) }
    nodes += 1
    try check(levels: depth, event)
    let before = nodes
    if let anchor = event.anchor { open.insert(anchor) }
    var height = 0
    let content: YAMLNode.Content
    switch event.kind {
    case .sequenceStart:
      try check(levels: depth + 1, event)
      expect(event, "seq")
      (content, height) = try sequence(depth: depth)
    case .mappingStart:
      try check(levels: depth + 1, event)
      expect(event, "map")
      (content, height) = try mapping(depth: depth)
    case .scalar(let text, let plain):
      content = .scalar(scalar(text, plain: plain, event))
    case .streamStart, .streamEnd, .documentStart, .documentEnd, .alias, .sequenceEnd, .mappingEnd:
      throw stop(event.origin, "a value was expected here")
    }
    let result = Anchored(
      node: .init(origin: event.origin, content: content), nodes: nodes - before + 1, height: height)
    if let anchor = event.anchor {
      open.remove(anchor)
      anchors[anchor] = result
    }
    return result
  }

  private mutating func repeated(_ name: String, _ event: YAMLEvent, depth: Int) throws(YAMLStop) -> Anchored {
    if open.contains(name) { throw stop(event.origin, "*\(name) is inside the value that it repeats") }
    guard let anchored = anchors[name] else {
      let near = nearestName(to: name, among: anchors.keys).map { "did you mean *\($0)?" }
      throw stop(event.origin, "*\(name) repeats nothing: there is no &\(name) before it", hint: near ?? "")
    }
    nodes += anchored.nodes
    try check(levels: depth + anchored.height, event)
    return anchored
  }

  private mutating func sequence(depth: Int) throws(YAMLStop) -> (YAMLNode.Content, Int) {
    var items: [YAMLNode] = []
    var height = 0
    while true {
      let event = try stream.next()
      if case .sequenceEnd = event.kind { return (.sequence(items), height + 1) }
      let item = try node(event, depth: depth + 1)
      height = max(height, item.height)
      items.append(item.node)
    }
  }

  private mutating func mapping(depth: Int) throws(YAMLStop) -> (YAMLNode.Content, Int) {
    var entries: [YAMLEntry] = []
    var lines: [String: Int] = [:]
    var height = 0
    while true {
      let event = try stream.next()
      if case .mappingEnd = event.kind { return (.mapping(entries), height + 1) }
      let key = try node(event, depth: depth + 1)
      let value = try node(try stream.next(), depth: depth + 1)
      height = max(height, value.height)
      guard case .scalar(let scalar) = key.node.content, scalar.value != .null else {
        diagnostics.append(.init(event.origin, "a key must be a name, found \(key.node.kind)"))
        continue
      }
      if let line = lines[scalar.text] {
        diagnostics.append(
          .init(event.origin, "the key \"\(scalar.text)\" is given twice", hint: "it was first given on line \(line)"))
        continue
      }
      lines[scalar.text] = event.origin.line
      entries.append(.init(key: scalar.text, keyOrigin: event.origin, value: value.node))
    }
  }

  private mutating func scalar(_ text: String, plain: Bool, _ event: YAMLEvent) -> YAMLScalar {
    guard let tag = event.tag else { return .init(text, plain: plain) }
    if tag == "tag:yaml.org,2002:str" || tag == "!" { return .init(text, plain: false) }
    refuse(tag, event)
    return .init(text, plain: plain)
  }

  /// Refuses a tag that contradicts the node. A correct tag adds nothing.
  private mutating func expect(_ event: YAMLEvent, _ name: String) {
    guard let tag = event.tag, tag != "tag:yaml.org,2002:\(name)", tag != "!" else { return }
    refuse(tag, event)
  }

  private mutating func refuse(_ tag: String, _ event: YAMLEvent) {
    diagnostics.append(.init(event.origin, "the tag \(tag) is not supported", hint: "remove it; only !!str is read"))
  }

  private func check(levels: Int, _ event: YAMLEvent) throws(YAMLStop) {
    if levels > limits.depth {
      throw stop(event.origin, "more than \(limits.depth) nested levels")
    }
    if nodes > limits.nodes {
      throw stop(event.origin, "more than \(limits.nodes) values", hint: "an alias counts all values that it repeats")
    }
  }

  private func stop(_ origin: SettingOrigin, _ message: String, hint: String = "") -> YAMLStop {
    .init(diagnostic: .init(origin, message, hint: hint))
  }
}
