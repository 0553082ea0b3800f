// The C side of RawNopComparison: NOPs through liburing, as fast as it goes.
// Reads lines "BATCH MILLIS" from standard input, runs for so long, answers "OPERATIONS WALL_NANOS CPU_NANOS".
// Build: gcc -O2 -o nop nop.c -luring
#include <liburing.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static uint64_t now(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (uint64_t)t.tv_sec * 1000000000u + t.tv_nsec;
}

int main(void) {
  struct io_uring ring;
  int result = io_uring_queue_init(64, &ring, IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN);
  if (result < 0) {
    printf("error io_uring_queue_init: %s\n", strerror(-result));
    return 1;
  }
  io_uring_register_ring_fd(&ring); // as the Java ring does
  printf("ready\n");
  fflush(stdout);

  uint64_t failures = 0;
  int batch, millis;
  while (scanf("%d %d", &batch, &millis) == 2) {
    uint64_t cpu = now(CLOCK_THREAD_CPUTIME_ID), start = now(CLOCK_MONOTONIC), end = start + millis * 1000000ull, operations = 0, time;
    do {
      for (int k = 0; k < 64; k++) {
        for (int i = 0; i < batch; i++) {
          struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);
          io_uring_prep_nop(sqe);
          io_uring_sqe_set_data64(sqe, i);
        }
        if (io_uring_submit_and_wait(&ring, batch) != batch) {
          printf("error io_uring_submit_and_wait\n");
          return 1;
        }
        unsigned head, seen = 0;
        struct io_uring_cqe *cqe;
        io_uring_for_each_cqe(&ring, head, cqe) {
          if (cqe->res != 0 || cqe->user_data >= 32)
            failures++;
          seen++;
        }
        io_uring_cq_advance(&ring, seen);
        operations += seen;
      }
      time = now(CLOCK_MONOTONIC);
    } while (time < end);
    cpu = now(CLOCK_THREAD_CPUTIME_ID) - cpu;
    if (failures != 0)
      printf("error: %llu completions are wrong\n", (unsigned long long)failures);
    printf("%llu %llu %llu\n", (unsigned long long)operations, (unsigned long long)(time - start),
           (unsigned long long)cpu);
    fflush(stdout);
  }
  io_uring_queue_exit(&ring);
  return failures != 0;
}
