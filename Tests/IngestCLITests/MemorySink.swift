import IngestCLI
import Synchronization

/// A sink that keeps what is written, or fails as the test demands.
final class MemorySink: ByteSink {
  private let bytes = Mutex<[UInt8]>([])
  private let failure: OutputError?

  init(failure: OutputError? = nil) { self.failure = failure }

  func write(_ more: [UInt8]) throws(OutputError) {
    if let failure { throw failure }
    bytes.withLock { $0 += more }
  }

  var text: String { String(decoding: bytes.withLock { $0 }, as: UTF8.self) }
}
