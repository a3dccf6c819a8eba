private import CSystem
private import Glibc

/// A program to start, with its arguments, environment and descriptors.
package struct SpawnRequest: Sendable {
  package var program: String
  /// The arguments without the program's own name.
  package var arguments: [String]
  /// Entries `NAME=value`. The child inherits no other variables.
  package var environment: [String]
  /// The child's descriptors 0, 1, 2, …: duplicates of these, which stay open until the child has started. Nil means
  /// `/dev/null`. All other descriptors are closed in the child.
  package var descriptors: [Descriptor?]
  /// The folder in which the child runs. Nil means this process's own.
  package var folder: String?
  /// The number of the process group that the child joins. 0 means a new group of its own, nil the group of this
  /// process.
  package var group: Int32?
  /// Signals that the child starts with blocked, so that they cannot end it.
  package var blockedSignals: [Int32] = []

  package init(
    program: String, arguments: [String] = [], environment: [String] = [], descriptors: [Descriptor?] = [nil, nil, nil]
  ) {
    self.program = program
    self.arguments = arguments
    self.environment = environment
    self.descriptors = descriptors
  }
}

/// A starter of child processes. It uses one thread that lasts: `PR_SET_PDEATHSIG` in a child fires when the *thread*
/// that spawned the child ends, and the threads of Swift's pool end at any time.
package actor Spawner {
  package static let shared = Spawner()

  private let executor = ThreadExecutor(name: "spawner")
  package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// Starts the program. Only the requested signals are blocked, every signal has its default action, and only the
  /// requested descriptors are open.
  ///
  /// A plain spawn from Swift passes on blocked signals (so a soft processor limit would not end the child), an ignored
  /// SIGPIPE, and every descriptor that is not close-on-exec.
  package func spawn(_ request: SpawnRequest) throws(ProcessError) -> ChildProcess {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let moved = try Self.place(request.descriptors, &actions)
    if let folder = request.folder, ingestd_spawn_change_folder(&actions, folder) != 0 {
      throw .spawn(program: request.program, errno: errno)
    }

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var blocked = sigset_t()
    sigemptyset(&blocked)
    for signal in request.blockedSignals { sigaddset(&blocked, signal) }
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &blocked)
    posix_spawnattr_setsigdefault(&attributes, &all)
    var flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
    if let group = request.group {
      posix_spawnattr_setpgroup(&attributes, group)
      flags |= POSIX_SPAWN_SETPGROUP
    }
    posix_spawnattr_setflags(&attributes, Int16(flags))

    var arguments: [UnsafeMutablePointer<CChar>?] = ([request.program] + request.arguments).map { strdup($0) }
    var environment: [UnsafeMutablePointer<CChar>?] = request.environment.map { strdup($0) }
    defer { for pointer in arguments + environment { free(pointer) } }
    arguments.append(nil)
    environment.append(nil)

    var pid = pid_t()
    let status = withExtendedLifetime((request, moved)) {
      posix_spawn(&pid, request.program, &actions, &attributes, arguments, environment)
    }
    guard status == 0 else { throw .spawn(program: request.program, errno: status) }
    let pidfd = ingestd_pidfd_open(pid)
    guard pidfd >= 0 else {
      let code = errno
      kill(pid, SIGKILL)
      waitpid(pid, nil, 0)
      throw .spawn(program: request.program, errno: code)
    }
    return ChildProcess(pid: pid, pidfd: pidfd)
  }

  /// Adds the actions that put each descriptor in its place. If a source has the number of a target, it is first
  /// duplicated to a number above all targets, so no target overwrites it. The system picks that number, because the
  /// sources may have any number.
  /// - Returns: these duplicates. Keep them until the child has started.
  private static func place(
    _ descriptors: [Descriptor?], _ actions: inout posix_spawn_file_actions_t
  ) throws(ProcessError) -> [Descriptor] {
    let count = Int32(descriptors.count)
    var moved: [Descriptor] = []
    for (target, descriptor) in descriptors.enumerated() {
      guard let descriptor else {
        posix_spawn_file_actions_addopen(&actions, Int32(target), "/dev/null", O_RDWR, 0)
        continue
      }
      var source = descriptor.number
      if source < count {
        source = ingestd_duplicate(source, count)
        guard source >= 0 else { throw .channel(errno: errno) }
        moved.append(Descriptor(owning: source))
      }
      guard posix_spawn_file_actions_adddup2(&actions, source, Int32(target)) == 0 else {
        throw .channel(errno: EBADF)
      }
    }
    ingestd_spawn_close_from(&actions, count)
    return moved
  }
}
