import IngestCLI
import Synchronization

/// Keeps what is written, or fails as it is told to.
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
