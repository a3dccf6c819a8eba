internal import Glibc
package import IngestCore

/// A destination of output.
package protocol ByteSink: Sendable {
  /// Writes all bytes.
  /// - Throws: ``OutputError``.
  func write(_ bytes: [UInt8]) throws(OutputError)
}

/// Output that could not be written.
package enum OutputError: Error, Hashable, Sendable {
  /// The reader closed the pipe, as `head` does. The command ends quietly.
  case closed
  case failed(reason: String)
}

extension OutputError: FailureConvertible {
  package var failure: Failure {
    switch self {
    case .closed:
      Failure(.cancelled, code: "OUTPUT_CLOSED", "The reader closed the output.")
    case .failed(let reason):
      Failure(
        .permanent, code: "OUTPUT_FAILED", "The output could not be written: \(reason).",
        hint: "free space where the output goes, then run the command again")
    }
  }
}

/// An open file descriptor.
package struct DescriptorSink: ByteSink {
  let descriptor: Int32

  package static let output = DescriptorSink(descriptor: STDOUT_FILENO)
  package static let error = DescriptorSink(descriptor: STDERR_FILENO)

  package func write(_ bytes: [UInt8]) throws(OutputError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno == EPIPE {
        throw .closed
      } else if errno == EAGAIN {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&entry, 1, -1)
      } else if errno != EINTR {
        throw .failed(reason: String(cString: strerror(errno)))
      }
    }
  }
}
