import IngestApp
import IngestConfig
import IngestCore
import Testing

@Suite("Mangled YAML files")
struct YAMLFuzzTests {
  private static let seed = """
    name: &n mine
    steps:
      - {id: a, uses: "noop", with: {x: [1, 2.5, ~]}, timeout: 1h30m}
      - id: b   # note
        uses: swap
        with: {accept-missing: 0x3}
        retry: !!map {attempts: 8, factor: 2, jitter: 'full'}
    description: |
      a
      b
    extra: [*n, *n]
    """

  @Test("a mangled file gives a definition, or diagnostics with places within the file", arguments: 0..<8)
  func mangled(_ round: Int) {
    var generator = SplitMix(seed: UInt64(round))
    let alphabet = Array("\t\n -:?[]{}&*!|>'\"%@`#,~0x\u{0}".utf8) + [0x80, 0xC3, 0xFF, 0xEF, 0xBB, 0xBF]
    for _ in 0..<250 {
      var bytes = Array(Self.seed.utf8)
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        let byte = alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes[place] = byte
        case 1: bytes.insert(byte, at: place)
        case 2: bytes.remove(at: place)
        default: bytes.removeSubrange(place..<min(bytes.count, place + 20))
        }
        if bytes.isEmpty { bytes = [0x20] }
      }
      let lines = bytes.count { $0 == 0x0A || $0 == 0x0D } + 3
      var diagnostics: [Diagnostic] = []
      let result = WorkflowReader.read(bytes, file: "f", catalogue: .standard, diagnostics: &diagnostics)
      #expect((result.definition == nil) == !diagnostics.isEmpty)
      for diagnostic in diagnostics {
        let line = diagnostic.origin.line ?? 0
        let column = diagnostic.origin.column ?? 0
        #expect((1...lines).contains(line) && (1...(bytes.count + 1)).contains(column), "\(diagnostic) \(bytes)")
      }
    }
  }
}
