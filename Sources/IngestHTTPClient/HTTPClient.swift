private import Synchronization

/// HTTP out, by libcurl: one thread drives all requests, connections are kept and used again, proxies come from the
/// environment (`https_proxy`, `no_proxy`, …) and trusted authorities from the system.
///
/// The thread starts with the first request and ends with the object.
package final class HTTPClient: Sendable {
  /// Answers requests in the network's place.
  package typealias Transport = @Sendable (HTTPRequest) async -> Result<HTTPResponse, HTTPClientError>

  private enum Way {
    case network(TransferLoop)
    case transport(Transport)
  }

  private let way: Way

  /// - Parameter idleConnections: how many connections are kept open for the next request.
  package init(idleConnections: Int = 16) { way = .network(TransferLoop(idleConnections: idleConnections)) }

  /// One that sends nothing and asks `transport` instead: for simulations.
  package init(transport: @escaping Transport) { way = .transport(transport) }

  deinit {
    if case .network(let loop) = way { loop.close() }
  }

  /// Sends a request and gives the whole answer; any status is an answer. Cancelling the task aborts the transfer.
  package func send(_ request: HTTPRequest) async throws(HTTPClientError) -> HTTPResponse {
    let loop: TransferLoop
    switch way {
    case .network(let network): loop = network
    case .transport(let transport): return try await transport(request).get()
    }
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
