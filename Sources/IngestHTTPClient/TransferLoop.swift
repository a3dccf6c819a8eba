private import CCurl
private import Glibc
internal import Synchronization

/// The client's thread and its inbox. The running thread keeps this object alive, so the client may be released at any
/// time.
final class TransferLoop: Sendable {
  typealias Answer = @Sendable (Result<HTTPResponse, HTTPClientError>) -> Void

  /// The identity of a request. Its flag serves a cancellation that arrives before the request.
  final class Ticket: Sendable {
    let cancelled = Atomic(false)
  }

  private enum Command: Sendable {
    case start(Ticket, HTTPRequest, Answer)
    case cancel(Ticket)
  }

  /// libcurl's set of transfers.
  // Sendable because other threads call only `curl_multi_wakeup`, which libcurl allows.
  private struct Multi: @unchecked Sendable {
    let handle: UnsafeMutableRawPointer
  }

  private struct State {
    var inbox: [Command] = []
    /// Nil before the first request and after the thread has ended.
    var multi: Multi?
    var closed = false
  }

  private let state = Mutex(State())
  private let idleConnections: Int

  // Runs once in the process, before any other call of libcurl: it sets up TLS and is safe on one thread only.
  private static let started: Bool = ingestd_curl_start() == CURLE_OK

  init(idleConnections: Int) { self.idleConnections = idleConnections }

  func start(_ ticket: Ticket, _ request: HTTPRequest, answer: @escaping Answer) {
    let accepted = state.withLock { state in
      if state.multi == nil {
        guard Self.started, let handle = curl_multi_init() else { return false }
        ingestd_curl_keep(handle, idleConnections)
        let multi = Multi(handle: handle)
        guard startThread(multi) else {
          curl_multi_cleanup(handle)
          return false
        }
        state.multi = multi
      }
      post(.start(ticket, request, answer), &state)
      return true
    }
    if !accepted {
      answer(.failure(.refused(origin: "the network", detail: "the system has no thread or memory left")))
    }
  }

  func cancel(_ ticket: Ticket) {
    ticket.cancelled.store(true, ordering: .releasing)
    state.withLock { post(.cancel(ticket), &$0) }
  }

  func close() {
    state.withLock { state in
      state.closed = true
      if let multi = state.multi { curl_multi_wakeup(multi.handle) }
    }
  }

  // Called under the lock. The thread also gives up the handle under the lock.
  private func post(_ command: Command, _ state: inout State) {
    guard let multi = state.multi else { return }
    state.inbox.append(command)
    curl_multi_wakeup(multi.handle)
  }

  private func startThread(_ multi: Multi) -> Bool {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(Life(loop: self, multi: multi))
    let status = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        let life = Unmanaged<Life>.fromOpaque(context).takeRetainedValue()
        life.loop.run(life.multi)
        return nil
      }, context.toOpaque())
    guard status == 0 else {
      context.release()
      return false
    }
    pthread_detach(thread)
    return true
  }

  /// The thread's argument.
  private final class Life: Sendable {
    let loop: TransferLoop
    let multi: Multi

    init(loop: TransferLoop, multi: Multi) {
      self.loop = loop
      self.multi = multi
    }
  }

  /// The thread's record of one request.
  private struct Entry {
    let ticket: Ticket
    let transfer: Transfer
    let answer: Answer
  }

  /// The thread's main loop. It returns after ``close()``.
  private func run(_ multi: Multi) {
    let multi = multi.handle
    var entries: [UnsafeMutableRawPointer: Entry] = [:]
    func end(_ entry: Entry, _ result: Result<HTTPResponse, HTTPClientError>) {
      curl_multi_remove_handle(multi, entry.transfer.handle)
      entries[entry.transfer.handle] = nil
      entry.answer(result)
    }
    while true {
      let (commands, closed) = state.withLock { state in
        defer { state.inbox = [] }
        return (state.inbox, state.closed)
      }
      for command in commands {
        switch command {
        case .start(let ticket, let request, let answer):
          guard !ticket.cancelled.load(ordering: .acquiring) else {
            answer(.failure(.cancelled))
            continue
          }
          do {
            let transfer = try Transfer(request)
            entries[transfer.handle] = Entry(ticket: ticket, transfer: transfer, answer: answer)
            curl_multi_add_handle(multi, transfer.handle)
          } catch {
            answer(.failure(error))
          }
        case .cancel(let ticket):
          if let entry = entries.values.first(where: { $0.ticket === ticket }) { end(entry, .failure(.cancelled)) }
        }
      }
      if closed { break }
      var running: Int32 = 0
      curl_multi_perform(multi, &running)
      var code = CURLE_OK
      while let handle = ingestd_curl_finished(multi, &code) {
        if let entry = entries[handle] { end(entry, entry.transfer.result(code)) }
      }
      // libcurl shortens the wait to its own next time-out. Without transfers only a wake-up ends the wait.
      curl_multi_poll(multi, nil, 0, entries.isEmpty ? Int32.max : 1000, nil)
    }
    for entry in entries.values { end(entry, .failure(.cancelled)) }
    state.withLock { $0.multi = nil }
    curl_multi_cleanup(multi)
  }
}
