private import Synchronization

/// HTTP out, by libcurl: one thread drives all requests, connections are kept and used again, proxies come from the
/// environment (`https_proxy`, `no_proxy`, …) and trusted authorities from the system.
///
/// The thread starts with the first request and ends with the object.
package final class HTTPClient: Sendable {
  private let loop: TransferLoop

  /// - Parameter idleConnections: how many connections are kept open for the next request.
  package init(idleConnections: Int = 16) { loop = TransferLoop(idleConnections: idleConnections) }

  deinit { loop.close() }

  /// Sends a request and gives the whole answer; any status is an answer. Cancelling the task aborts the transfer.
  package func send(_ request: HTTPRequest) async throws(HTTPClientError) -> HTTPResponse {
    let ticket = TransferLoop.Ticket()
    let result: Result<HTTPResponse, HTTPClientError> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        loop.start(ticket, request) { continuation.resume(returning: $0) }
      }
    } onCancel: {
      loop.cancel(ticket)
    }
    return try result.get()
  }
}
