import IngestCore
import Testing

@Suite("Debounce")
struct DebounceTests {
  private let debounce = Debounce(period: .seconds(10), longest: .seconds(60))
  private let first = Timestamp(rawValue: 1_000_000_000)

  @Test("each submit postpones the start by one period, up to the longest wait after the first submit")
  func start() {
    #expect(debounce.start(first: first, last: first) == first + .seconds(10))
    #expect(debounce.start(first: first, last: first + .seconds(30)) == first + .seconds(40))
    #expect(debounce.start(first: first, last: first + .seconds(55)) == first + .seconds(60))
  }

  @Test("a requested later start also applies")
  func delay() {
    let asked = first + .seconds(300)
    #expect(debounce.start(first: first, last: first, notBefore: asked) == asked)
    #expect(debounce.start(first: first, last: first, notBefore: first) == first + .seconds(10))
    #expect(debounce.start(first: first, last: first, notBefore: nil) == first + .seconds(10))
  }
}
