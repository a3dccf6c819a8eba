#pragma once
#include <sqlite3.h>

// Functions with variable arguments are not imported.

/// Drops what only costs time here: the count of allocated bytes, which puts a global lock around every allocation, and
/// the locks within a connection, each of which belongs to one thread at a time. Before the first connection only.
static inline int ingestd_sqlite3_configure(void) {
  int code = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  return code == SQLITE_OK ? sqlite3_config(SQLITE_CONFIG_MULTITHREAD) : code;
}
