#pragma once
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// pidfd_open(2) has no wrapper in glibc 2.36.
static inline int ingestd_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }
