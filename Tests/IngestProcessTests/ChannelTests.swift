import Glibc
import IngestProcess
import Testing

@Suite struct ChannelTests {
  @Test("a descriptor is sent with the bytes, and the receiver reads the same file")
  func passing() throws {
    let (left, right) = try Channel.pair()
    let file = try MemoryFile.make(Array("hello".utf8))
    try left.send([1, 2, 3], passing: file.number)
    var bytes: [UInt8] = []
    let received = try #require(try right.receive(into: &bytes))
    let copy = Descriptor(owning: received)
    #expect(bytes == [1, 2, 3])
    var room = [UInt8](repeating: 0, count: 8)
    #expect(pread(copy.number, &room, 8, 0) == 5)
    #expect(Array(room.prefix(5)) == Array("hello".utf8))
    #expect(fcntl(copy.number, F_GETFD) & FD_CLOEXEC != 0)
  }

  @Test("a closed channel is reported to the other side")
  func closed() throws {
    var pair: (Channel, Channel)? = try Channel.pair()
    let left = try #require(pair?.0)
    pair = nil
    var bytes: [UInt8] = []
    #expect(throws: ProcessError.closed) { _ = try left.receive(into: &bytes) }
    #expect(throws: ProcessError.closed) { try left.send([1]) }
  }

  @Test("a wait times out")
  func timeout() throws {
    let (left, right) = try Channel.pair()
    var bytes: [UInt8] = []
    #expect(throws: ProcessError.timedOut) { _ = try left.receive(into: &bytes, within: .milliseconds(5)) }
    withExtendedLifetime(right) {}
  }
}
