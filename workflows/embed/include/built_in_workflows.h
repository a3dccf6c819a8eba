#pragma once
#include <stddef.h>

/// One workflow file, as compiled into the binary.
struct ingestd_workflow {
  const char *name;
  const unsigned char *bytes;
  size_t size;
};

/// The workflows that every installation has, and how many there are.
extern const struct ingestd_workflow ingestd_built_in_workflows[];
extern const size_t ingestd_built_in_workflow_count;

/// The workflow at `position`: Swift does not see arrays without a length.
static inline const struct ingestd_workflow *ingestd_built_in_workflow(size_t position) {
  return &ingestd_built_in_workflows[position];
}
