import FoundationEssentials
import IngestCore
import Synchronization
import Testing

/// A clock that shows the time that a test sets.
private final class SetClock: TimeSource {
  private let time: Mutex<Int64>

  init(_ milliseconds: Int64) { time = Mutex(milliseconds) }

  func set(_ milliseconds: Int64) { time.withLock { $0 = milliseconds } }

  var now: Timestamp { time.withLock { Timestamp(rawValue: $0 * 1000) } }
  var uptime: Int64 { 0 }
  var bootID: String { "boot" }
  func sleep(for _: Duration) async throws {}
}

private struct FixedRandom: RandomSource {
  var value: UInt64
  func next() -> UInt64 { value }
}

@Suite("Identifiers")
struct IdentifierTests {
  @Test("an id is 26 characters of Crockford's base32, starting with the time")
  func form() {
    let generator = IdentifierGenerator(clock: SetClock(1_469_918_176_385), random: FixedRandom(value: 0))
    let id = generator.next(JobTag.self)
    #expect(id.rawValue == "01ARYZ6S410000000000000000")
    let last = IdentifierGenerator(clock: SetClock((1 << 48) - 1), random: FixedRandom(value: .max))
    #expect(last.next(JobTag.self).rawValue == "7ZZZZZZZZZZZZZZZZZZZZZZZZZ")
  }

  @Test("ids increase while the clock stands still or runs backward")
  func grows() {
    let clock = SetClock(1_000_000)
    let generator = IdentifierGenerator(clock: clock, random: SystemRandom())
    var before = generator.next(JobTag.self)
    for round in 0..<20_000 {
      if round == 5000 { clock.set(999_000) }
      if round == 10_000 { clock.set(-5) }
      if round == 15_000 { clock.set(1_000_001) }
      let id = generator.next(JobTag.self)
      #expect(before < id)
      before = id
    }
  }

  @Test("ids increase past the end of a millisecond's random part")
  func carries() {
    let generator = IdentifierGenerator(clock: SetClock(1000), random: FixedRandom(value: .max))
    let first = generator.next(JobTag.self)
    let second = generator.next(JobTag.self)
    #expect(first < second)
    #expect(first.rawValue.prefix(10) == "00000000Z8")
    #expect(second.rawValue.prefix(10) == "00000000Z9")
  }

  @Test("ids made on several threads differ")
  func concurrent() async {
    let generator = IdentifierGenerator(clock: SetClock(1000), random: SystemRandom())
    let ids = await withTaskGroup(of: [JobID].self) { group in
      for _ in 0..<8 { group.addTask { (0..<1000).map { _ in generator.next() } } }
      return await group.reduce(into: Set<JobID>()) { $0.formUnion($1) }
    }
    #expect(ids.count == 8000)
  }

  @Test("an id is a plain string in JSON")
  func codable() throws {
    let id = JobID(rawValue: "01ARYZ6S410000000000000000")
    let json = try JSONEncoder().encode([id])
    #expect(String(decoding: json, as: UTF8.self) == #"["01ARYZ6S410000000000000000"]"#)
    #expect(try JSONDecoder().decode([JobID].self, from: json) == [id])
  }

  @Test("a fraction is in 0..<1")
  func fraction() {
    #expect(FixedRandom(value: 0).fraction() == 0)
    #expect(FixedRandom(value: .max).fraction() < 1)
    #expect(FixedRandom(value: 1 << 63).fraction() == 0.5)
  }
}
