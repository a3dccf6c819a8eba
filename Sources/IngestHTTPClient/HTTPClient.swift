private import Synchronization

/// An HTTP client on libcurl. One thread drives all requests and reuses connections. Proxies come from the environment
/// (`https_proxy`, `no_proxy`, …), trusted certificate authorities from the system.
///
/// The thread starts with the first request and ends when the object is released.
package final class HTTPClient: Sendable {
  /// A function that answers requests in place of the network.
  package typealias Transport = @Sendable (HTTPRequest) async -> Result<HTTPResponse, HTTPClientError>

  private enum Way {
    case network(TransferLoop)
    case transport(Transport)
  }

  private let way: Way

  /// - Parameter idleConnections: the number of idle connections that stay open for later requests.
  package init(idleConnections: Int = 16) { way = .network(TransferLoop(idleConnections: idleConnections)) }

  /// Creates a client that calls `transport` and sends nothing, for simulations.
  package init(transport: @escaping Transport) { way = .transport(transport) }

  deinit {
    if case .network(let loop) = way { loop.close() }
  }

  /// Sends a request and returns the whole response, with any status. If the task is cancelled, the transfer is
  /// aborted.
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
