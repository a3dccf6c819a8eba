// Replaces calls of the C library: the program's own definition of a call is used by everything in the process,
// including shared libraries. While no folder is watched, each function only makes the system call.

#define _GNU_SOURCE
#include "watch.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define INGESTD_SANITIZED 1
#endif
#endif

#ifdef INGESTD_SANITIZED

bool ingestd_io_sees_calls(void) { return false; }

#else

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

bool ingestd_io_sees_calls(void) { return true; }

/// Finds the watch of an open file, and its path; NULL if no one watches it.
static const ingestd_watch *watch_of_descriptor(int descriptor, char *path, size_t room) {
  char link[48];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  int kept = errno;
  long length = syscall(SYS_readlinkat, AT_FDCWD, link, path, room - 1);
  errno = kept;
  if (length <= 0) return NULL;
  path[length] = 0;
  return ingestd_watch_of(path);
}

/// Asks the watch's hook.
/// - Returns: 0 to continue, 1 to pretend success, −1 to fail, with errno set.
static int ask(const ingestd_watch *watch, ingestd_io *io) {
  switch (ingestd_ask(watch, io)) {
  case INGESTD_IO_GOES_ON: return 0;
  case INGESTD_IO_PRETENDS: return 1;
  case INGESTD_IO_FULL: errno = ENOSPC; return -1;
  case INGESTD_IO_SHORT: return 0;
  case INGESTD_IO_BUSY: errno = EAGAIN; return -1;
  default: errno = EIO; return -1;
  }
}

static bool looks(void) { return ingestd_in_vfs == 0 && ingestd_is_watching(); }

static ssize_t watched_write(int descriptor, const void *bytes, size_t count, off_t offset, bool positioned) {
  if (looks()) {
    char path[4096];
    const ingestd_watch *watch = watch_of_descriptor(descriptor, path, sizeof path);
    if (watch != NULL) {
      off_t at = positioned ? offset : (off_t)syscall(SYS_lseek, descriptor, (off_t)0, SEEK_CUR);
      ingestd_io io = {.kind = INGESTD_IO_WRITE, .path = path, .offset = at, .count = (int64_t)count, .bytes = bytes};
      int answer = ask(watch, &io);
      if (answer < 0) return -1;
      if (answer > 0) return (ssize_t)count;
      count = (size_t)io.count;
    }
  }
  return positioned ? syscall(SYS_pwrite64, descriptor, bytes, count, offset)
                    : syscall(SYS_write, descriptor, bytes, count);
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
  return watched_write(descriptor, bytes, count, 0, false);
}
ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
  return watched_write(descriptor, bytes, count, offset, true);
}
ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
  return watched_write(descriptor, bytes, count, offset, true);
}

static int watched_sync(int descriptor, long call) {
  if (ingestd_is_watching()) {
    char path[4096];
    struct stat status;
    const ingestd_watch *watch = watch_of_descriptor(descriptor, path, sizeof path);
    if (watch != NULL && fstat(descriptor, &status) == 0) {
      bool folder = S_ISDIR(status.st_mode);
      // SQLite syncs folders by itself, within calls of the VFS.
      if (folder || ingestd_in_vfs == 0) {
        ingestd_io io = {.kind = folder ? INGESTD_IO_SYNC_FOLDER : INGESTD_IO_SYNC, .path = path};
        int answer = ask(watch, &io);
        if (answer != 0) return answer < 0 ? -1 : 0;
      }
    }
  }
  return (int)syscall(call, descriptor);
}

int fsync(int descriptor) { return watched_sync(descriptor, SYS_fsync); }
int fdatasync(int descriptor) { return watched_sync(descriptor, SYS_fdatasync); }

static int watched_truncate(int descriptor, off_t size) {
  if (looks()) {
    char path[4096];
    const ingestd_watch *watch = watch_of_descriptor(descriptor, path, sizeof path);
    if (watch != NULL) {
      ingestd_io io = {.kind = INGESTD_IO_TRUNCATE, .path = path, .offset = size};
      int answer = ask(watch, &io);
      if (answer != 0) return answer < 0 ? -1 : 0;
    }
  }
  return (int)syscall(SYS_ftruncate, descriptor, size);
}

int ftruncate(int descriptor, off_t size) { return watched_truncate(descriptor, size); }
int ftruncate64(int descriptor, off64_t size) { return watched_truncate(descriptor, size); }

static int watched_open(const char *path, int flags, mode_t mode) {
  if ((flags & (O_CREAT | O_TRUNC)) != 0 && looks()) {
    const ingestd_watch *watch = ingestd_watch_of(path);
    struct stat status;
    int kept = errno;
    bool exists = watch != NULL && stat(path, &status) == 0;
    errno = kept;
    if (watch != NULL && !(exists && (flags & O_EXCL) != 0)) {
      ingestd_io io = {.path = path};
      bool asks = true;
      if (!exists) {
        io.kind = INGESTD_IO_CREATE;
        // If its folder is missing, the call creates nothing.
        char folder[4096];
        snprintf(folder, sizeof folder, "%s", path);
        char *slash = strrchr(folder, '/');
        if (slash != NULL) *slash = 0;
        asks = (flags & O_CREAT) != 0 && stat(folder, &status) == 0;
        errno = kept;
      } else {
        io.kind = INGESTD_IO_TRUNCATE;
        asks = (flags & O_TRUNC) != 0;
      }
      if (asks && ask(watch, &io) < 0) return -1;
    }
  }
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

static mode_t mode_of(int flags, va_list arguments) {
  return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(arguments, mode_t) : 0;
}

int open(const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return watched_open(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return watched_open(path, flags, mode);
}

int rename(const char *from, const char *to) {
  struct stat status;
  if (looks()) {
    const ingestd_watch *watch = ingestd_watch_of(to);
    char folder[4096];
    snprintf(folder, sizeof folder, "%s", to);
    char *slash = strrchr(folder, '/');
    if (slash != NULL) *slash = 0;
    if (watch != NULL && stat(folder, &status) == 0) {
      ingestd_io io = {.kind = INGESTD_IO_RENAME, .path = from, .target = to};
      int answer = ask(watch, &io);
      if (answer != 0) return answer < 0 ? -1 : 0;
    }
  }
  return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int unlink(const char *path) {
  struct stat status;
  int kept = errno;
  if (looks()) {
    const ingestd_watch *watch = ingestd_watch_of(path);
    if (watch != NULL && lstat(path, &status) == 0) {
      ingestd_io io = {.kind = INGESTD_IO_UNLINK, .path = path};
      int answer = ask(watch, &io);
      if (answer != 0) return answer < 0 ? -1 : 0;
    }
    errno = kept;
  }
  return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int mkdir(const char *path, mode_t mode) {
  struct stat status;
  int kept = errno;
  if (looks()) {
    const ingestd_watch *watch = ingestd_watch_of(path);
    if (watch != NULL && stat(path, &status) != 0) {
      ingestd_io io = {.kind = INGESTD_IO_MAKE_FOLDER, .path = path};
      int answer = ask(watch, &io);
      if (answer != 0) return answer < 0 ? -1 : 0;
    }
    errno = kept;
  }
  return (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

#endif
