import Glibc
import IngestFuzz
import IngestParserWire
import IngestProcess
import IngestTestKit
import Testing

/// Damaged requests for a real `ingestd-parse`: here the parser's client is hostile.
@Suite struct HostileRequestTests {
  @Test("ingestd-parse refuses malformed requests and never crashes")
  func requests() async throws {
    let requests = [
      ParserRequest(size: 100, firstPage: 1, pageLimit: 10, textLimit: 1000, ratioLimit: 10, password: nil),
      ParserRequest(size: .max, firstPage: .max, pageLimit: .max, textLimit: .max, ratioLimit: .max, password: [0]),
    ]
    let seeds = requests.map(Frame.encode)
    var mutator = Mutator(seed: 7, longest: 4096)
    for number in 0..<30 {
      let bytes = mutator.mutate(seeds[number % 2], with: seeds[0])
      let (ours, theirs) = try Channel.pair()
      let child = try await Spawner.shared.spawn(
        SpawnRequest(
          program: RunningProgram.path(of: "ingestd-parse"), descriptors: [theirs.socket, nil, nil]))
      // Some requests come with a file that is shorter than they state.
      let file = try MemoryFile.make([UInt8](repeating: 65, count: 64))
      try ours.send(bytes, passing: number % 3 == 0 ? file.number : nil)
      shutdown(ours.socket.number, Int32(SHUT_WR))
      let status = await child.exit()
      // 70 is an error with a message on standard error, 0 is the end of the stream.
      #expect([.exited(0), .exited(70)].contains(status), "\(status) after \(bytes)")
    }
  }
}
