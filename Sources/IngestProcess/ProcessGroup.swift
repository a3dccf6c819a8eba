private import CSystem
private import Glibc

/// A group of processes that end together: on request, or when this process dies, even by a crash.
///
/// A shell leads the group and does nothing else. It waits until a socket closes whose other end only this process
/// holds, and then kills its group. So no child outlives this process, nor does a child's child. Until the shell is
/// reaped, no other group can get the group's number. A process that leaves the group on purpose (`setsid`) is out of
/// reach.
final class ProcessGroup: Sendable {
  private let keeper: ChildProcess
  private let lifeline: Channel

  /// The group's number, for ``SpawnRequest/group``.
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
    // The signals that ask the other members to end must not end the keeper before them.
    request.blockedSignals = [SIGTERM, SIGINT, SIGHUP]
    return ProcessGroup(keeper: try await Spawner.shared.spawn(request), lifeline: ours)
  }

  /// Asks all members to end.
  func terminate() { signal(SIGTERM) }

  /// Kills all members, the keeper included.
  func kill() { signal(SIGKILL) }

  /// Kills all members and returns when the keeper has ended.
  func end() async {
    kill()
    _ = await keeper.exit()
  }

  private func signal(_ number: Int32) {
    // After the keeper was reaped, another process may have its number.
    guard keeper.status == nil else { return }
    Glibc.kill(-keeper.pid, number)
  }
}
