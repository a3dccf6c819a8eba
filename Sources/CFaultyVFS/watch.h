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

/// The watch that a path lies beneath; NULL for most.
const ingestd_watch *ingestd_watch_of(const char *path);

/// Whether anybody watches at all.
bool ingestd_is_watching(void);

static inline int ingestd_ask(const ingestd_watch *watch, ingestd_io *io) { return watch->hook(watch->context, io); }

/// Not zero while the VFS is in the system's own: what that does to files has been shown already.
extern _Thread_local int ingestd_in_vfs;

#endif
