// The fastest pass of one thread over an array of floats: the bound for any exact search that reads them all.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef float lanes __attribute__((vector_size(64)));

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int main(int count, char **arguments) {
  if (count != 3) {
    fprintf(stderr, "usage: bandwidth FLOATS PASSES\n");
    return 2;
  }
  const size_t floats = strtoul(arguments[1], NULL, 10) / 64 * 64;
  const int passes = atoi(arguments[2]);
  float *memory = aligned_alloc(4096, (floats * sizeof(float) + 4095) / 4096 * 4096);
  if (!memory) return 1;
  for (size_t i = 0; i < floats; i++) memory[i] = (float)(i & 1023);
  const lanes *blocks = (const lanes *)memory;
  const size_t n = floats / 16;
  double *times = calloc((size_t)passes, sizeof(double));
  float sink = 0;
  for (int pass = 0; pass < passes; pass++) {
    const double start = now();
    lanes a = {0}, b = {0}, c = {0}, d = {0};
    for (size_t i = 0; i + 4 <= n; i += 4) {
      a += blocks[i];
      b += blocks[i + 1];
      c += blocks[i + 2];
      d += blocks[i + 3];
    }
    a += b + c + d;
    for (int lane = 0; lane < 16; lane++) sink += a[lane];
    times[pass] = now() - start;
  }
  // Prints one number per line, in milliseconds. The sum on standard error keeps the loop from being optimised away.
  for (int pass = 0; pass < passes; pass++) printf("%.3f\n", times[pass] * 1e3);
  fprintf(stderr, "%g\n", (double)sink);
  free(times);
  free(memory);
  return 0;
}
