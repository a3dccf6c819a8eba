// A VFS on top of SQLite's VFS for Unix. It passes each call to the watch of the file's folder and follows its verdict.

#define _GNU_SOURCE
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "watch.h"

const char *const ingestd_faulty_vfs = "ingestd-faulty";

/// An open file. The file of the system's VFS follows it in memory.
typedef struct {
  sqlite3_file base;
  const ingestd_watch *watch;
  const char *path;
} faulty_file;

static sqlite3_vfs *system_vfs;

static faulty_file *faulty(sqlite3_file *file) { return (faulty_file *)file; }
static sqlite3_file *behind(sqlite3_file *file) { return (sqlite3_file *)(faulty(file) + 1); }

/// Runs a call of the system's VFS. The calls of the C library within it are not passed to the hook again.
#define WITHIN(call)                \
  ({                                \
    ingestd_in_vfs++;               \
    __typeof__(call) answer = call; \
    ingestd_in_vfs--;               \
    answer;                         \
  })

static int ask(sqlite3_file *file, ingestd_io *io) {
  if (faulty(file)->watch == NULL) return INGESTD_IO_GOES_ON;
  io->path = faulty(file)->path;
  return ingestd_ask(faulty(file)->watch, io);
}

static int x_close(sqlite3_file *file) {
  sqlite3_file *real = behind(file);
  return real->pMethods == NULL ? SQLITE_OK : WITHIN(real->pMethods->xClose(real));
}

static int x_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
  ingestd_io io = {.kind = INGESTD_IO_READ, .offset = offset, .count = count};
  if (ask(file, &io) != INGESTD_IO_GOES_ON) return SQLITE_IOERR_READ;
  return WITHIN(behind(file)->pMethods->xRead(behind(file), bytes, count, offset));
}

static int x_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
  ingestd_io io = {.kind = INGESTD_IO_WRITE, .offset = offset, .count = count, .bytes = bytes};
  switch (ask(file, &io)) {
  case INGESTD_IO_GOES_ON: break;
  case INGESTD_IO_PRETENDS: return SQLITE_OK;
  case INGESTD_IO_FULL: return SQLITE_FULL;
  case INGESTD_IO_SHORT:
    if (io.count > 0) WITHIN(behind(file)->pMethods->xWrite(behind(file), bytes, (int)io.count, offset));
    return SQLITE_FULL;
  default: return SQLITE_IOERR_WRITE;
  }
  return WITHIN(behind(file)->pMethods->xWrite(behind(file), bytes, count, offset));
}

static int x_truncate(sqlite3_file *file, sqlite3_int64 size) {
  ingestd_io io = {.kind = INGESTD_IO_TRUNCATE, .offset = size};
  switch (ask(file, &io)) {
  case INGESTD_IO_GOES_ON: break;
  case INGESTD_IO_PRETENDS: return SQLITE_OK;
  default: return SQLITE_IOERR_TRUNCATE;
  }
  return WITHIN(behind(file)->pMethods->xTruncate(behind(file), size));
}

static int x_sync(sqlite3_file *file, int flags) {
  ingestd_io io = {.kind = INGESTD_IO_SYNC};
  switch (ask(file, &io)) {
  case INGESTD_IO_GOES_ON: break;
  case INGESTD_IO_PRETENDS: return SQLITE_OK;
  default: return SQLITE_IOERR_FSYNC;
  }
  return WITHIN(behind(file)->pMethods->xSync(behind(file), flags));
}

static int x_file_size(sqlite3_file *file, sqlite3_int64 *size) {
  return WITHIN(behind(file)->pMethods->xFileSize(behind(file), size));
}

static int x_lock(sqlite3_file *file, int level) {
  ingestd_io io = {.kind = INGESTD_IO_LOCK, .offset = level};
  if (ask(file, &io) != INGESTD_IO_GOES_ON) return SQLITE_BUSY;
  return WITHIN(behind(file)->pMethods->xLock(behind(file), level));
}

static int x_unlock(sqlite3_file *file, int level) {
  return WITHIN(behind(file)->pMethods->xUnlock(behind(file), level));
}

static int x_check_reserved_lock(sqlite3_file *file, int *held) {
  return WITHIN(behind(file)->pMethods->xCheckReservedLock(behind(file), held));
}

static int x_file_control(sqlite3_file *file, int what, void *argument) {
  return WITHIN(behind(file)->pMethods->xFileControl(behind(file), what, argument));
}

static int x_sector_size(sqlite3_file *file) { return behind(file)->pMethods->xSectorSize(behind(file)); }

static int x_device_characteristics(sqlite3_file *file) {
  return behind(file)->pMethods->xDeviceCharacteristics(behind(file));
}

// The WAL's index is memory that processes share. It is never durable, so only its locks are passed to the hook.

static int x_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **memory) {
  return WITHIN(behind(file)->pMethods->xShmMap(behind(file), page, size, extend, memory));
}

static int x_shm_lock(sqlite3_file *file, int offset, int count, int flags) {
  if (flags & SQLITE_SHM_LOCK) {
    ingestd_io io = {.kind = INGESTD_IO_LOCK, .offset = 256 + offset};
    if (ask(file, &io) != INGESTD_IO_GOES_ON) return SQLITE_BUSY;
  }
  return WITHIN(behind(file)->pMethods->xShmLock(behind(file), offset, count, flags));
}

static void x_shm_barrier(sqlite3_file *file) { behind(file)->pMethods->xShmBarrier(behind(file)); }

static int x_shm_unmap(sqlite3_file *file, int removes) {
  return WITHIN(behind(file)->pMethods->xShmUnmap(behind(file), removes));
}

/// Version 2 has no memory mapping of files, so that the hook sees each read and write.
static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = x_close,
    .xRead = x_read,
    .xWrite = x_write,
    .xTruncate = x_truncate,
    .xSync = x_sync,
    .xFileSize = x_file_size,
    .xLock = x_lock,
    .xUnlock = x_unlock,
    .xCheckReservedLock = x_check_reserved_lock,
    .xFileControl = x_file_control,
    .xSectorSize = x_sector_size,
    .xDeviceCharacteristics = x_device_characteristics,
    .xShmMap = x_shm_map,
    .xShmLock = x_shm_lock,
    .xShmBarrier = x_shm_barrier,
    .xShmUnmap = x_shm_unmap,
};

static int x_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *given) {
  (void)vfs;
  faulty_file *opened = faulty(file);
  memset(opened, 0, sizeof *opened);
  opened->path = path;
  opened->watch = ingestd_watch_of(path);
  if (opened->watch != NULL && (flags & SQLITE_OPEN_CREATE) != 0 && access(path, F_OK) != 0) {
    ingestd_io io = {.kind = INGESTD_IO_CREATE, .path = path};
    if (ingestd_ask(opened->watch, &io) != INGESTD_IO_GOES_ON) return SQLITE_CANTOPEN;
  }
  int code = WITHIN(system_vfs->xOpen(system_vfs, path, behind(file), flags, given));
  if (behind(file)->pMethods != NULL) opened->base.pMethods = &methods;
  return code;
}

static int x_delete(sqlite3_vfs *vfs, const char *path, int syncs) {
  (void)vfs;
  const ingestd_watch *watch = ingestd_watch_of(path);
  if (watch != NULL && access(path, F_OK) == 0) {
    ingestd_io io = {.kind = INGESTD_IO_UNLINK, .path = path};
    switch (ingestd_ask(watch, &io)) {
    case INGESTD_IO_GOES_ON: break;
    case INGESTD_IO_PRETENDS: return SQLITE_OK;
    default: return SQLITE_IOERR_DELETE;
    }
  }
  return WITHIN(system_vfs->xDelete(system_vfs, path, syncs));
}

static int x_access(sqlite3_vfs *vfs, const char *path, int flags, int *result) {
  (void)vfs;
  return system_vfs->xAccess(system_vfs, path, flags, result);
}

static int x_full_pathname(sqlite3_vfs *vfs, const char *path, int room, char *full) {
  (void)vfs;
  return system_vfs->xFullPathname(system_vfs, path, room, full);
}

static int x_randomness(sqlite3_vfs *vfs, int count, char *bytes) {
  (void)vfs;
  return system_vfs->xRandomness(system_vfs, count, bytes);
}

/// Waiting for a lock takes no time: otherwise SQLite waits ten seconds for a WAL lock that never becomes free.
static int x_sleep(sqlite3_vfs *vfs, int microseconds) {
  (void)vfs;
  return microseconds;
}

static int x_current_time(sqlite3_vfs *vfs, double *time) {
  (void)vfs;
  return system_vfs->xCurrentTime(system_vfs, time);
}

static int x_current_time_64(sqlite3_vfs *vfs, sqlite3_int64 *time) {
  (void)vfs;
  return system_vfs->xCurrentTimeInt64(system_vfs, time);
}

static int x_last_error(sqlite3_vfs *vfs, int room, char *text) {
  (void)vfs;
  return system_vfs->xGetLastError(system_vfs, room, text);
}

int ingestd_faulty_vfs_register(void) {
  static sqlite3_vfs vfs;
  if (sqlite3_vfs_find(ingestd_faulty_vfs) != NULL) return SQLITE_OK;
  system_vfs = sqlite3_vfs_find("unix");
  if (system_vfs == NULL) return SQLITE_ERROR;
  vfs = (sqlite3_vfs){
      .iVersion = 2,
      .szOsFile = (int)sizeof(faulty_file) + system_vfs->szOsFile,
      .mxPathname = system_vfs->mxPathname,
      .zName = ingestd_faulty_vfs,
      .xOpen = x_open,
      .xDelete = x_delete,
      .xAccess = x_access,
      .xFullPathname = x_full_pathname,
      .xRandomness = x_randomness,
      .xSleep = x_sleep,
      .xCurrentTime = x_current_time,
      .xGetLastError = x_last_error,
      .xCurrentTimeInt64 = x_current_time_64,
  };
  return sqlite3_vfs_register(&vfs, 0);
}

int ingestd_recover(const char *path) {
  sqlite3 *database = NULL;
  int code = sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, "unix");
  // Syncs are useless here: the disk is only memory.
  if (code == SQLITE_OK) code = sqlite3_exec(database, "PRAGMA synchronous=OFF", NULL, NULL, NULL);
  if (code == SQLITE_OK) code = sqlite3_exec(database, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL);
  sqlite3_close_v2(database);
  return code;
}
