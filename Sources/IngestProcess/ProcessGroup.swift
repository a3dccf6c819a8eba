private import CSystem
private import Glibc

/// Processes that end together: by our word, or by our own death, however we die.
///
/// A shell that does nothing else leads the group. It waits for the end of a socket whose other end only we hold, and then
/// kills its group: so no child outlives us, nor a child's child. While it is not reaped, no other group can be given the
/// group's number. A process that leaves the group on purpose (`setsid`) is out of reach.
final class ProcessGroup: Sendable {
  private let keeper: ChildProcess
  private let lifeline: Channel

  /// For ``SpawnRequest/group``.
  var number: Int32 { keeper.pid }

  private init(keeper: ChildProcess, lifeline: Channel) {
    self.keeper = keeper
    self.lifeline = lifeline
  }

  static func make() async throws(ProcessError) -> ProcessGroup {
    let (ours, theirs) = try Channel.pair()
    var request = SpawnRequest(
      program: "/bin/sh", arguments: ["-c", "read _; kill -9 0"], descriptors: [theirs.socket, nil, nil])
    request.group = 0
    // What the others are asked to end by must not end the keeper before them.
    request.blockedSignals = [SIGTERM, SIGINT, SIGHUP]
    return ProcessGroup(keeper: try await Spawner.shared.spawn(request), lifeline: ours)
  }

  /// Asks every member to end.
  func terminate() { signal(SIGTERM) }

  /// Ends every member, the keeper too.
  func kill() { signal(SIGKILL) }

  /// Ends every member, and returns when the group is gone.
  func end() async {
    kill()
    _ = await keeper.exit()
  }

  private func signal(_ number: Int32) {
    // Reaped, its number may be somebody else's.
    guard keeper.status == nil else { return }
    Glibc.kill(-keeper.pid, number)
  }
}
