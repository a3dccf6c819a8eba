#ifndef INGESTD_WATCH_H
#define INGESTD_WATCH_H

#include <stdbool.h>

#include "faulty_vfs.h"

typedef struct {
  char *root;
  unsigned long length;
  ingestd_io_hook hook;
  void *context;
} ingestd_watch;

/// Returns the watch of the folder that contains a path; NULL for most paths.
const ingestd_watch *ingestd_watch_of(const char *path);

/// Whether any folder is watched.
bool ingestd_is_watching(void);

static inline int ingestd_ask(const ingestd_watch *watch, ingestd_io *io) { return watch->hook(watch->context, io); }

/// Not zero while the VFS calls the system's VFS: the hook has already seen what that does to files.
extern _Thread_local int ingestd_in_vfs;

#endif
