#pragma once
#include <gio/gio.h>
#include <poppler.h>

// strcasestr(3) is a GNU function that Swift's importer does not see.
static inline _Bool ingestd_contains_ignoring_case(const char *text, const char *part) {
  extern char *strcasestr(const char *, const char *);
  return strcasestr(text, part) != NULL;
}
