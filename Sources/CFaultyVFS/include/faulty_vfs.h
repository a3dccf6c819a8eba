#ifndef INGESTD_FAULTY_VFS_H
#define INGESTD_FAULTY_VFS_H

#include <stdbool.h>
#include <stdint.h>

/// An operation on a file beneath a watched folder.
typedef enum {
  INGESTD_IO_CREATE,
  INGESTD_IO_WRITE,
  /// `offset` is the new size.
  INGESTD_IO_TRUNCATE,
  INGESTD_IO_SYNC,
  INGESTD_IO_SYNC_FOLDER,
  /// The new path is `target`.
  INGESTD_IO_RENAME,
  INGESTD_IO_UNLINK,
  INGESTD_IO_MAKE_FOLDER,
  /// Only by SQLite.
  INGESTD_IO_READ,
  /// Only by SQLite: a lock on the file or on the WAL's index.
  INGESTD_IO_LOCK,
} ingestd_io_kind;

typedef struct {
  ingestd_io_kind kind;
  const char *path;
  const char *target;
  int64_t offset;
  /// How many bytes are read or written; for a write, the hook may lower it together with INGESTD_IO_SHORT.
  int64_t count;
  const void *bytes;
} ingestd_io;

typedef enum {
  INGESTD_IO_GOES_ON,
  /// The operation is not done but reports success: a disk that lies.
  INGESTD_IO_PRETENDS,
  /// EIO.
  INGESTD_IO_FAILS,
  /// ENOSPC.
  INGESTD_IO_FULL,
  /// `count` bytes are written, then the disk is full.
  INGESTD_IO_SHORT,
  /// For a lock: another process holds it.
  INGESTD_IO_BUSY,
} ingestd_io_verdict;

/// A function that is called before each operation, on the thread that makes it.
typedef int (*ingestd_io_hook)(void *context, ingestd_io *io);

/// The name of the VFS. It is SQLite's VFS for Unix, but passes each call to the hook of the folder that contains the
/// file.
extern const char *const ingestd_faulty_vfs;

/// Registers the VFS, once.
/// - Returns: an SQLite code.
int ingestd_faulty_vfs_register(void);

/// Opens a database as SQLite does after a crash, with the system's VFS, and copies its whole WAL into it.
/// - Returns: an SQLite code.
int ingestd_recover(const char *path);

/// Passes all operations beneath `root` (an absolute path without links and without a final slash) to `hook`: SQLite's
/// through the VFS, all others through the C library's calls, which this target replaces.
/// - Returns: a number for ingestd_io_unwatch; −1 when 64 folders are watched.
int ingestd_io_watch(const char *root, ingestd_io_hook hook, void *context);

/// Ends a watch. No file beneath the folder may be in use any more.
void ingestd_io_unwatch(int watch);

/// Whether the hook sees calls of the C library. Under a sanitizer it does not, since the sanitizer replaces these
/// calls itself.
bool ingestd_io_sees_calls(void);

#endif
