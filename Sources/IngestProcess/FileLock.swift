private import CSystem
private import Glibc

/// A lock on a file that lasts until it is released or its process ends, however it ends.
///
/// An open-file-description lock rather than `flock`: another process can ask whether it is held without taking it for a
/// moment itself. The descriptor is close-on-exec: a child would keep the lock after its parent's death.
package final class FileLock: Sendable {
  package let path: String
  private let descriptor: Descriptor

  private init(path: String, descriptor: Descriptor) {
    self.path = path
    self.descriptor = descriptor
  }

  /// Locks the file, which is made where it is missing.
  /// - Returns: nil when another process, or another lock of this one, holds it.
  package static func tryLock(path: String) throws(ProcessError) -> FileLock? {
    let number = ingestd_open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard number >= 0 else { throw .file(path: path, errno: errno) }
    let descriptor = Descriptor(owning: number)
    guard ingestd_lock(number) == 0 else {
      if errno == EAGAIN || errno == EACCES { return nil }
      throw .file(path: path, errno: errno)
    }
    return FileLock(path: path, descriptor: descriptor)
  }

  /// Whether somebody holds the lock now; a missing file is not held. That it is held proves nothing about its holder's
  /// progress: a stopped process holds it too.
  package static func isHeld(path: String) throws(ProcessError) -> Bool {
    let number = ingestd_open(path, O_RDWR | O_CLOEXEC, 0)
    guard number >= 0 else {
      if errno == ENOENT { return false }
      throw .file(path: path, errno: errno)
    }
    let descriptor = Descriptor(owning: number)
    let held = ingestd_is_locked(descriptor.number)
    guard held >= 0 else { throw .file(path: path, errno: errno) }
    return held != 0
  }

  /// Removes the file, then gives the lock back: for a lock that nobody will ask about again.
  package func remove() {
    unlink(path)
    release()
  }

  /// Gives the lock back now instead of with the last reference.
  package func release() { ingestd_unlock(descriptor.number) }
}
