#pragma once
#include <stddef.h>

/// One file of `migrations/sqlite`, compiled into the binary.
struct ingestd_migration {
  const char *name;
  const unsigned char *bytes;
  size_t size;
};

/// The migrations in the order in which they are applied, and how many there are.
extern const struct ingestd_migration ingestd_sqlite_migrations[];
extern const size_t ingestd_sqlite_migration_count;

/// Returns the migration at `position`: Swift does not import arrays without a length.
static inline const struct ingestd_migration *ingestd_sqlite_migration(size_t position) {
  return &ingestd_sqlite_migrations[position];
}
