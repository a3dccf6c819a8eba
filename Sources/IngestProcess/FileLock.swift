private import CSystem
private import Glibc

/// A lock on a file. It lasts until it is released or until its process ends, even by a crash.
///
/// This is an open-file-description lock and not `flock`: another process can query whether it is held without taking
/// it. The descriptor is close-on-exec, because a child would otherwise keep the lock after its parent's death.
package final class FileLock: Sendable {
  package let path: String
  private let descriptor: Descriptor

  private init(path: String, descriptor: Descriptor) {
    self.path = path
    self.descriptor = descriptor
  }

  /// Locks the file, and creates it if it does not exist.
  /// - Returns: nil if another process, or another ``FileLock`` of this process, holds the lock.
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

  /// Returns whether any process holds the lock now. Nobody holds the lock of a missing file. A held lock does not mean
  /// that its holder makes progress: a stopped process holds it too.
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

  /// Removes the file, then releases the lock. For a lock that nobody will query again.
  package func remove() {
    unlink(path)
    release()
  }

  /// Releases the lock now and not only with the last reference.
  package func release() { ingestd_unlock(descriptor.number) }
}
