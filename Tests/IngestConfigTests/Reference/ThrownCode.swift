import IngestCore

/// An error code as the sources throw it.
struct ThrownCode {
  /// The kinds that are written where it is thrown. Empty if they are computed.
  var kinds: Set<Failure.Kind> = []
  var categories: Set<Failure.Category> = []
  /// The files that throw it, by their path in the repository.
  var files: Set<String> = []
}

/// All error codes in the sources.
struct ThrownCodes {
  private(set) var codes: [String: ThrownCode] = [:]
  /// Codes that a file names without throwing them, with the file.
  private(set) var mentions: [(code: String, file: String)] = []

  /// The codes that the programs throw. A simulation throws some of them in its own way, so it counts only for the others.
  static let product: ThrownCodes = {
    let isSimulation = { (file: String) in file.hasPrefix("Sources/IngestSimulation/") }
    var codes = ThrownCodes(SourceCalls.product.filter { !isSimulation($0.key) })
    codes.codes.merge(ThrownCodes(SourceCalls.product.filter { isSimulation($0.key) }).codes) { real, _ in real }
    return codes
  }()

  init(_ files: [String: SourceCalls]) {
    for (file, calls) in files.sorted(by: { $0.key < $1.key }) {
      for (code, kinds, categories) in throwing(calls, in: file) {
        codes[code, default: ThrownCode()].kinds.formUnion(kinds)
        codes[code]?.categories.formUnion(categories.isEmpty ? [.failed] : categories)
        codes[code]?.files.insert(file)
      }
    }
  }

  private typealias Throw = (code: String, kinds: Set<Failure.Kind>, categories: Set<Failure.Category>)

  private mutating func throwing(_ calls: SourceCalls, in file: String) -> [Throw] {
    // Failures whose code is a variable: the codes stand elsewhere in the file.
    let factories = calls.groups.filter { $0.isFailure && $0.argument(labelled: "code")?.literals.isEmpty == true }
    var found: [Throw] = []
    for group in calls.groups {
      for argument in group.arguments {
        for literal in argument.literals where !literal.isCompared {
          guard Self.isCode(literal.text) || argument.words.first == "code:" else { continue }
          if group.isFailure {
            found.append((literal.text, group.kinds, group.categories))
          } else if let shared = Self.factory(of: argument, among: factories) {
            let categories = group.callee == "{" ? [] : group.categories
            found.append(
              (
                literal.text, shared.kinds.isEmpty ? group.kinds : shared.kinds,
                shared.categories.isEmpty ? categories : shared.categories
              ))
          } else {
            mentions.append((literal.text, file))
          }
        }
      }
    }
    return found
  }

  /// Returns the failure that gets its code from the argument: the one whose variable has the argument's label, else any,
  /// provided that they agree in kind and category.
  private static func factory(
    of argument: SourceCalls.Argument, among factories: [SourceCalls.Group]
  ) -> SourceCalls.Group? {
    let label = argument.words.first?.dropLast()
    let named = factories.filter { $0.argument(labelled: "code")?.words.contains { $0[...] == label } == true }
    let candidates = named.isEmpty ? factories : named
    guard let first = candidates.first else { return nil }
    let agree = candidates.allSatisfy { $0.kinds == first.kinds && $0.categories == first.categories }
    return agree ? first : nil
  }

  /// `SCREAMING_SNAKE`, and no environment variable.
  private static func isCode(_ text: String) -> Bool {
    let words = text.split(separator: "_", omittingEmptySubsequences: false)
    guard words.count > 1, !["INGESTD", "LC"].contains(words[0]), text != "NO_COLOR" else { return false }
    return words.allSatisfy { word in
      !word.isEmpty && word.utf8.allSatisfy { (65...90).contains($0) || (48...57).contains($0) }
    }
  }
}

extension SourceCalls.Group {
  var isFailure: Bool {
    ["Failure", ".init", "self.init"].contains(callee) && argument(labelled: "code") != nil
  }

  /// The kinds that the first argument names.
  var kinds: Set<Failure.Kind> {
    Set(arguments[0].words.compactMap { $0.first == "." ? Failure.Kind(rawValue: String($0.dropFirst())) : nil })
  }

  /// The categories that any argument names.
  var categories: Set<Failure.Category> {
    let words = arguments.flatMap(\.words)
    return Set(words.compactMap { $0.first == "." ? Failure.Category(rawValue: String($0.dropFirst())) : nil })
  }
}
