/// The events of a run, in the order in which they happened.
///
/// `@unchecked`: confined to the kernel's thread.
package final class Trace: @unchecked Sendable {
  package struct Line: Sendable {
    /// Microseconds since the world began.
    package var at: Int64
    package var actor: String
    package var text: String
    /// The topics of the line, such as a document's uri or a job's id. Empty if it concerns all topics.
    package var topics: [String]
  }

  package private(set) var lines: [Line] = []
  private let kernel: SimulationKernel

  init(kernel: SimulationKernel) { self.kernel = kernel }

  func note(_ actor: String, _ text: String, about topics: [String] = []) {
    lines.append(Line(at: kernel.elapsed, actor: actor, text: text, topics: topics))
  }

  /// FNV-1a over every line.
  package var digest: UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for line in lines {
      for byte in "\(line.at) \(line.actor) \(line.text)\n".utf8 {
        hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
      }
    }
    return hash
  }

  /// Returns the last lines that concern one of these topics or all topics.
  package func story(of topics: Set<String>, limit: Int) -> [Line] {
    let relevant = lines.filter { line in
      topics.isEmpty || line.topics.isEmpty || line.topics.contains(where: topics.contains)
    }
    return Array(relevant.suffix(limit))
  }
}

extension Trace.Line: CustomStringConvertible {
  package var description: String {
    let micros = at % 1_000_000
    let fraction = String(micros + 1_000_000).dropFirst()
    let name = actor + String(repeating: " ", count: max(0, 12 - actor.utf8.count))
    let seconds = String(at / 1_000_000)
    return String(repeating: " ", count: max(0, 5 - seconds.utf8.count))
      + "\(seconds).\(fraction)  \(name) \(text)"
  }
}
