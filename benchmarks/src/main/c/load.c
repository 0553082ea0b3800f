// The clients of EchoComparison and AcceptComparison: one thread over io_uring that drives any number of servers.
// Reads lines from standard input, answers each with one line:
//   open SLOT PORT CONNECTIONS  connects                         opened
//   run SLOT MILLIS BYTES       echoes, closed loop              REQUESTS WALL_NANOS CPU_NANOS P50 P99 P999
//   pace SLOT MILLIS BYTES RATE FILE   echoes, open loop    REQUESTS WALL_NANOS CPU_NANOS LATEST 0 0
//   rush SLOT PORT MILLIS WIDTH connects and resets              CONNECTIONS WALL_NANOS CPU_NANOS 0 0 0
//   close SLOT                  resets the connections           closed
// Anything wrong is answered with "error" and ends the program.
// Build: cc -O2 -o load load.c -luring
#include <arpa/inet.h>
#include <errno.h>
#include <liburing.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SLOTS 16
#define LARGEST 4096
#define GROUP 7
#define BUFFERS 4096
#define BUFFER_SIZE 4096
#define STEPS 32
#define SEND (1ull << 63)
#define ROUND_LIMIT_NANOS 20000000000ull

struct connection {
  int fd, armed;
  unsigned received;
  uint64_t sequence, sent_at;
  unsigned char *message;
};

struct slot {
  int count;
  struct connection *connections;
};

static struct io_uring ring;
static struct io_uring_buf_ring *buffer_ring;
static unsigned char *buffers;
static struct slot slots[SLOTS];
static uint64_t histogram[64 * STEPS];

static void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  printf("error ");
  vprintf(format, arguments);
  printf("\n");
  fflush(stdout);
  exit(1);
}

static uint64_t now(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (uint64_t)t.tv_sec * 1000000000u + t.tv_nsec;
}

static void count(uint64_t nanos) {
  int exponent = nanos < STEPS ? 0 : 59 - __builtin_clzll(nanos);
  histogram[exponent * STEPS + (nanos >> exponent)]++;
}

static uint64_t quantile(double share, uint64_t total) {
  int64_t left = (int64_t)(share * total + 0.999999);
  for (int i = 0; i < 64 * STEPS; i++) {
    left -= histogram[i];
    if (left <= 0 && histogram[i] > 0)
      return ((uint64_t)(i % STEPS) << (i / STEPS)) + ((1ull << (i / STEPS)) >> 1);
  }
  return 0;
}

static struct io_uring_sqe *entry(void) {
  struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);
  while (sqe == NULL) {
    io_uring_submit(&ring);
    sqe = io_uring_get_sqe(&ring);
  }
  return sqe;
}

static int connect_to(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
  struct linger reset = {.l_onoff = 1, .l_linger = 0};
  if (fd < 0)
    fail("socket: %s", strerror(errno));
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0)
    fail("connect to port %d: %s", port, strerror(errno));
  return fd;
}

static void open_slot(struct slot *slot, int port, int connections) {
  slot->count = connections;
  slot->connections = calloc(connections, sizeof *slot->connections);
  for (int i = 0; i < connections; i++) {
    struct connection *each = &slot->connections[i];
    each->fd = connect_to(port);
    each->message = malloc(LARGEST);
    for (int k = 0; k < LARGEST; k++)
      each->message[k] = (unsigned char)(i * 31 + k);
    memcpy(each->message + 8, &i, sizeof i);
  }
}

static void receive(struct slot *slot, int slot_number, int i) {
  struct io_uring_sqe *sqe = entry();
  io_uring_prep_recv_multishot(sqe, slot->connections[i].fd, NULL, 0, 0);
  sqe->flags |= IOSQE_BUFFER_SELECT;
  sqe->buf_group = GROUP;
  io_uring_sqe_set_data64(sqe, (uint64_t)slot_number << 32 | i);
  slot->connections[i].armed = 1;
}

static void send_next(struct slot *slot, int slot_number, int i, int bytes, uint64_t time) {
  struct connection *each = &slot->connections[i];
  struct io_uring_sqe *sqe = entry();
  each->sequence++;
  memcpy(each->message, &each->sequence, sizeof each->sequence);
  each->received = 0;
  each->sent_at = time;
  io_uring_prep_send(sqe, each->fd, each->message, bytes, MSG_NOSIGNAL | MSG_WAITALL);
  sqe->flags |= IOSQE_CQE_SKIP_SUCCESS;
  io_uring_sqe_set_data64(sqe, SEND | (uint64_t)slot_number << 32 | i);
}

// Compares what came with what was sent, and gives the buffer back; answers how many buffers that were.
static int take(struct connection *each, int i, struct io_uring_cqe *cqe, unsigned bytes, int offset) {
  if (cqe->res <= 0 && cqe->res != -ENOBUFS)
    fail("connection %d: %s", i, cqe->res == 0 ? "closed by the server" : strerror(-cqe->res));
  if (cqe->res <= 0)
    return 0;
  unsigned id = cqe->flags >> IORING_CQE_BUFFER_SHIFT;
  unsigned char *content = buffers + (size_t)id * BUFFER_SIZE;
  if (each->received + cqe->res > bytes || memcmp(content, each->message + each->received, cqe->res) != 0)
    fail("connection %d got other bytes than it sent", i);
  each->received += cqe->res;
  io_uring_buf_ring_add(buffer_ring, content, BUFFER_SIZE, id, io_uring_buf_ring_mask(BUFFERS), offset);
  return 1;
}

static void run(int slot_number, int millis, unsigned bytes) {
  struct slot *slot = &slots[slot_number];
  memset(histogram, 0, sizeof histogram);
  uint64_t cpu = now(CLOCK_PROCESS_CPUTIME_ID), start = now(CLOCK_MONOTONIC), end = start + millis * 1000000ull;
  uint64_t time = start, requests = 0, outstanding = slot->count;
  for (int i = 0; i < slot->count; i++) {
    if (!slot->connections[i].armed)
      receive(slot, slot_number, i);
    send_next(slot, slot_number, i, bytes, start);
  }
  while (outstanding > 0) {
    struct __kernel_timespec patience = {.tv_sec = 5};
    struct io_uring_cqe *cqe;
    int result = io_uring_submit_and_wait_timeout(&ring, &cqe, 1, &patience, NULL);
    if (result == -ETIME)
      fail("no answer for 5 s, %llu requests wait", (unsigned long long)outstanding);
    if (result < 0 && result != -EINTR)
      fail("io_uring_submit_and_wait: %s", strerror(-result));
    time = now(CLOCK_MONOTONIC);
    unsigned head, seen = 0, returned = 0;
    io_uring_for_each_cqe(&ring, head, cqe) {
      seen++;
      uint64_t data = io_uring_cqe_get_data64(cqe);
      if (data & SEND)
        fail("send: %s, or %d bytes only", strerror(-cqe->res), cqe->res);
      if ((int)(data >> 32) != slot_number)
        fail("server %d spoke unasked: %s", (int)(data >> 32), strerror(-cqe->res));
      int i = (int)data;
      struct connection *each = &slot->connections[i];
      returned += take(each, i, cqe, bytes, returned);
      if (cqe->res > 0 && each->received == bytes) {
        count(time - each->sent_at);
        requests++;
        if (time < end)
          send_next(slot, slot_number, i, bytes, time);
        else
          outstanding--;
      }
      if (!(cqe->flags & IORING_CQE_F_MORE))
        receive(slot, slot_number, i);
    }
    io_uring_buf_ring_advance(buffer_ring, returned);
    io_uring_cq_advance(&ring, seen);
    if (time > end + ROUND_LIMIT_NANOS)
      fail("the round does not end");
  }
  io_uring_submit(&ring); // what was armed again
  cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  printf("%llu %llu %llu %llu %llu %llu\n", (unsigned long long)requests, (unsigned long long)(time - start),
         (unsigned long long)cpu, (unsigned long long)quantile(0.5, requests), (unsigned long long)quantile(0.99, requests),
         (unsigned long long)quantile(0.999, requests));
}

// An open loop: RATE requests a second, the nth at START + n / RATE on connection n modulo their number, whatever became of
// the ones before. A connection that still waits for an answer sends its next request late; the latency is counted from
// when it was to be sent. All latencies go to FILE as 64-bit numbers of nanoseconds. LATEST is how late the generator
// itself was at worst to send on a connection that waited for nothing.
static void pace(int slot_number, int millis, unsigned bytes, unsigned rate, const char *file) {
  struct slot *slot = &slots[slot_number];
  uint64_t total = (uint64_t)rate * millis / 1000, due = 0, answered = 0, latest = 0, time = 0;
  uint64_t *latencies = malloc((total + 1) * sizeof *latencies);
  uint64_t *turn = calloc(slot->count, sizeof *turn); // of each connection: its requests that were sent
  unsigned *waiting = calloc(slot->count, sizeof *waiting); // and that are due, the one in flight among them
  if (latencies == NULL || turn == NULL || waiting == NULL)
    fail("no memory");
  for (int i = 0; i < slot->count; i++)
    if (!slot->connections[i].armed)
      receive(slot, slot_number, i);
  io_uring_submit(&ring);
  uint64_t cpu = now(CLOCK_PROCESS_CPUTIME_ID), start = now(CLOCK_MONOTONIC) + 1000000;
  double interval = 1e9 / rate;
#define INTENDED(n) (start + (uint64_t)((n) * interval))
  while (answered < total) {
    time = now(CLOCK_MONOTONIC);
    for (; due < total && INTENDED(due) <= time; due++) {
      int i = due % slot->count;
      if (waiting[i]++ == 0) {
        if (time - INTENDED(due) > latest)
          latest = time - INTENDED(due);
        send_next(slot, slot_number, i, bytes, INTENDED(due));
        turn[i]++;
      }
    }
    uint64_t patience = due < total ? INTENDED(due) : time + 5000000000ull;
    struct __kernel_timespec left = {0};
    if (patience > time) {
      left.tv_sec = (patience - time) / 1000000000u;
      left.tv_nsec = (patience - time) % 1000000000u;
    }
    struct io_uring_cqe *cqe;
    int result = io_uring_submit_and_wait_timeout(&ring, &cqe, 1, &left, NULL);
    if (result == -ETIME && due == total)
      fail("no answer for 5 s, %llu requests wait", (unsigned long long)(total - answered));
    if (result < 0 && result != -EINTR && result != -ETIME)
      fail("io_uring_submit_and_wait: %s", strerror(-result));
    time = now(CLOCK_MONOTONIC);
    unsigned head, seen = 0, returned = 0;
    io_uring_for_each_cqe(&ring, head, cqe) {
      seen++;
      uint64_t data = io_uring_cqe_get_data64(cqe);
      if (data & SEND)
        fail("send: %s, or %d bytes only", strerror(-cqe->res), cqe->res);
      if ((int)(data >> 32) != slot_number)
        fail("server %d spoke unasked: %s", (int)(data >> 32), strerror(-cqe->res));
      int i = (int)data;
      struct connection *each = &slot->connections[i];
      returned += take(each, i, cqe, bytes, returned);
      if (cqe->res > 0 && each->received == bytes) {
        latencies[answered++] = time - each->sent_at;
        if (--waiting[i] > 0)
          send_next(slot, slot_number, i, bytes, INTENDED(turn[i]++ * slot->count + i));
      }
      if (!(cqe->flags & IORING_CQE_F_MORE))
        receive(slot, slot_number, i);
    }
    io_uring_buf_ring_advance(buffer_ring, returned);
    io_uring_cq_advance(&ring, seen);
    if (time > INTENDED(total) + ROUND_LIMIT_NANOS)
      fail("the server cannot carry %u requests a second", rate);
  }
  io_uring_submit(&ring);
  cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  FILE *out = fopen(file, "wb");
  if (out == NULL || fwrite(latencies, sizeof *latencies, total, out) != total || fclose(out) != 0)
    fail("cannot write %s: %s", file, strerror(errno));
  printf("%llu %llu %llu %llu 0 0\n", (unsigned long long)total, (unsigned long long)(time - start),
         (unsigned long long)cpu, (unsigned long long)latest);
  free(latencies);
  free(turn);
  free(waiting);
}

// Connections one after the other: connect, one byte there and back, which shows that the server has taken it, reset.
// WIDTH of them are begun before the first is waited for.
static void rush(int port, int millis, int width) {
  uint64_t cpu = now(CLOCK_PROCESS_CPUTIME_ID), start = now(CLOCK_MONOTONIC), end = start + millis * 1000000ull;
  uint64_t connections = 0, time;
  int fds[1024];
  if (width > 1024)
    fail("at most 1024 at once");
  do {
    for (int i = 0; i < width; i++) {
      fds[i] = connect_to(port);
      if (send(fds[i], "x", 1, MSG_NOSIGNAL) != 1)
        fail("send: %s", strerror(errno));
    }
    for (int i = 0; i < width; i++) {
      char byte = 0;
      if (recv(fds[i], &byte, 1, 0) != 1 || byte != 'x')
        fail("a connection was not echoed: %s", strerror(errno));
      close(fds[i]);
      connections++;
    }
    time = now(CLOCK_MONOTONIC);
  } while (time < end);
  cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  printf("%llu %llu %llu 0 0 0\n", (unsigned long long)connections, (unsigned long long)(time - start),
         (unsigned long long)cpu);
}

// By shutdown the receive in flight ends first: a close alone would leave the connection to it.
static void close_slot(struct slot *slot) {
  unsigned armed = 0;
  for (int i = 0; i < slot->count; i++) {
    armed += slot->connections[i].armed;
    shutdown(slot->connections[i].fd, SHUT_RDWR);
  }
  while (armed > 0) {
    struct io_uring_cqe *cqe;
    if (io_uring_submit_and_wait(&ring, 1) < 0 || io_uring_peek_cqe(&ring, &cqe) < 0)
      fail("the ring fails");
    armed -= !(cqe->flags & IORING_CQE_F_MORE);
    io_uring_cqe_seen(&ring, cqe);
  }
  for (int i = 0; i < slot->count; i++) {
    close(slot->connections[i].fd);
    free(slot->connections[i].message);
  }
  free(slot->connections);
  memset(slot, 0, sizeof *slot);
}

static void set_up(void) {
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  struct io_uring_params parameters = {
      .flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE, .cq_entries = 32768};
  int result = io_uring_queue_init_params(4096, &ring, &parameters);
  if (result < 0)
    fail("io_uring_queue_init: %s", strerror(-result));
  io_uring_register_ring_fd(&ring);
  buffer_ring = mmap(NULL, BUFFERS * sizeof(struct io_uring_buf), PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);
  buffers = mmap(NULL, (size_t)BUFFERS * BUFFER_SIZE, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);
  struct io_uring_buf_reg registration = {.ring_addr = (uintptr_t)buffer_ring, .ring_entries = BUFFERS, .bgid = GROUP};
  result = io_uring_register_buf_ring(&ring, &registration, 0);
  if (result < 0)
    fail("io_uring_register_buf_ring: %s", strerror(-result));
  io_uring_buf_ring_init(buffer_ring);
  for (int i = 0; i < BUFFERS; i++)
    io_uring_buf_ring_add(buffer_ring, buffers + (size_t)i * BUFFER_SIZE, BUFFER_SIZE, i, io_uring_buf_ring_mask(BUFFERS), i);
  io_uring_buf_ring_advance(buffer_ring, BUFFERS);
}

int main(void) {
  set_up();
  printf("ready\n");
  fflush(stdout);
  char line[4096], file[4096];
  prctl(PR_SET_TIMERSLACK, 1); // or waits would be 50 microseconds late
  while (fgets(line, sizeof line, stdin) != NULL) {
    int slot, a, b, c;
    file[0] = 0;
    if (sscanf(line, "open %d %d %d", &slot, &a, &b) == 3 && slot >= 0 && slot < SLOTS) {
      open_slot(&slots[slot], a, b);
      printf("opened\n");
    } else if (sscanf(line, "run %d %d %d", &slot, &a, &b) == 3 && slot >= 0 && slot < SLOTS && b >= 16 && b <= LARGEST) {
      run(slot, a, b);
    } else if (sscanf(line, "pace %d %d %d %d %4095[^\n]", &slot, &a, &b, &c, file) == 5 && slot >= 0 && slot < SLOTS &&
               slots[slot].count > 0 && b >= 16 && b <= LARGEST && c > 0) {
      pace(slot, a, b, c, file);
    } else if (sscanf(line, "rush %d %d %d %d", &slot, &a, &b, &c) == 4) {
      rush(a, b, c);
    } else if (sscanf(line, "close %d", &slot) == 1 && slot >= 0 && slot < SLOTS) {
      close_slot(&slots[slot]);
      printf("closed\n");
    } else {
      fail("not understood: %s", line);
    }
    fflush(stdout);
  }
  return 0;
}
