#pragma once
#include <sqlite3.h>

// Swift does not import functions with variable arguments.

/// Switches off two features that only cost time here: the count of allocated bytes, which takes a global lock at each
/// allocation, and the locks within a connection, since each connection belongs to one thread at a time. Call it before
/// the first connection is opened.
static inline int ingestd_sqlite3_configure(void) {
  int code = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  return code == SQLITE_OK ? sqlite3_config(SQLITE_CONFIG_MULTITHREAD) : code;
}
