#ifndef INGESTD_FAULTY_VFS_H
#define INGESTD_FAULTY_VFS_H

#include <stdbool.h>
#include <stdint.h>

/// What is about to be done to a file beneath a watched folder.
typedef enum {
  INGESTD_IO_CREATE,
  INGESTD_IO_WRITE,
  /// `offset` is the new size.
  INGESTD_IO_TRUNCATE,
  INGESTD_IO_SYNC,
  INGESTD_IO_SYNC_FOLDER,
  /// To `target`.
  INGESTD_IO_RENAME,
  INGESTD_IO_UNLINK,
  INGESTD_IO_MAKE_FOLDER,
  /// SQLite's only.
  INGESTD_IO_READ,
  /// SQLite's only: of the file or of the WAL's index.
  INGESTD_IO_LOCK,
} ingestd_io_kind;

typedef struct {
  ingestd_io_kind kind;
  const char *path;
  const char *target;
  int64_t offset;
  /// Of a write; the hook may lower it together with INGESTD_IO_SHORT.
  int64_t count;
  const void *bytes;
} ingestd_io;

typedef enum {
  INGESTD_IO_GOES_ON,
  /// Not done, and nobody is told: a disk that lies.
  INGESTD_IO_PRETENDS,
  /// EIO.
  INGESTD_IO_FAILS,
  /// ENOSPC.
  INGESTD_IO_FULL,
  /// `count` bytes are written, then there is no room.
  INGESTD_IO_SHORT,
  /// Of a lock: somebody else has it.
  INGESTD_IO_BUSY,
} ingestd_io_verdict;

/// Called before each operation, on the thread that makes it.
typedef int (*ingestd_io_hook)(void *context, ingestd_io *io);

/// The name of the VFS: SQLite's own for Unix, with every call shown to the hook of the folder that the file lies in.
extern const char *const ingestd_faulty_vfs;

/// Registers the VFS, once. - Returns: an SQLite code.
int ingestd_faulty_vfs_register(void);

/// Opens a database as SQLite does after a crash, with the system's own VFS, and copies its whole log into it.
/// - Returns: an SQLite code.
int ingestd_recover(const char *path);

/// Shows what is done beneath `root` (an absolute path without links and without a slash at its end) to `hook`: by SQLite
/// through the VFS, by everybody else through the C library's calls, which this target stands before.
/// - Returns: a number for ingestd_io_unwatch; −1 when 64 folders are watched.
int ingestd_io_watch(const char *root, ingestd_io_hook hook, void *context);

/// Nothing beneath the folder may be in use any more.
void ingestd_io_unwatch(int watch);

/// Whether calls of the C library are seen: not under a sanitizer, which stands there itself.
bool ingestd_io_sees_calls(void);

#endif
