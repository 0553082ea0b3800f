// The C side of EchoComparison: an echo server on liburing. Multishot accept, multishot receive into a ring of provided
// buffers, and each buffer is sent from where it was received and then given back.
// Prints "ready PORT"; answers each line of standard input, which is read by a thread of its own, with
// "HEAP_BYTES SYSTEM_CALLS".
// Build: cc -O2 -o echo echo.c -luring -lpthread
#include <arpa/inet.h>
#include <errno.h>
#include <liburing.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define GROUP 1
#define BUFFERS 1024
#define BUFFER_SIZE 2048

enum { ACCEPT, RECEIVE, SEND, CLOSE };

static struct io_uring ring;
static struct io_uring_buf_ring *buffer_ring;
static unsigned char *buffers;
static volatile uint64_t system_calls;

static void fail(const char *what, int error) {
  printf("error %s: %s\n", what, strerror(error));
  fflush(stdout);
  exit(1);
}

static uint64_t data(int what, int fd, unsigned buffer) { return (uint64_t)what << 60 | (uint64_t)buffer << 32 | (unsigned)fd; }

static struct io_uring_sqe *entry(void) {
  struct io_uring_sqe *sqe = io_uring_get_sqe(&ring);
  while (sqe == NULL) {
    io_uring_submit(&ring);
    system_calls++;
    sqe = io_uring_get_sqe(&ring);
  }
  return sqe;
}

static void start_accept(int listener) {
  struct io_uring_sqe *sqe = entry();
  io_uring_prep_multishot_accept(sqe, listener, NULL, NULL, SOCK_CLOEXEC);
  io_uring_sqe_set_data64(sqe, data(ACCEPT, listener, 0));
}

static void start_receive(int fd) {
  struct io_uring_sqe *sqe = entry();
  io_uring_prep_recv_multishot(sqe, fd, NULL, 0, 0);
  sqe->flags |= IOSQE_BUFFER_SELECT;
  sqe->buf_group = GROUP;
  io_uring_sqe_set_data64(sqe, data(RECEIVE, fd, 0));
}

static void start_send(int fd, unsigned buffer, int bytes) {
  struct io_uring_sqe *sqe = entry();
  io_uring_prep_send(sqe, fd, buffers + (size_t)buffer * BUFFER_SIZE, bytes, MSG_NOSIGNAL | MSG_WAITALL);
  io_uring_sqe_set_data64(sqe, data(SEND, fd, buffer));
}

static void start_close(int fd) {
  struct io_uring_sqe *sqe = entry();
  io_uring_prep_close(sqe, fd);
  io_uring_sqe_set_data64(sqe, data(CLOSE, fd, 0));
}

static unsigned handle(struct io_uring_cqe *cqe, unsigned returned) {
  uint64_t user_data = io_uring_cqe_get_data64(cqe);
  int fd = (int)user_data, one = 1, more = (cqe->flags & IORING_CQE_F_MORE) != 0;
  switch ((int)(user_data >> 60)) {
  case ACCEPT:
    if (cqe->res >= 0) {
      setsockopt(cqe->res, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
      system_calls++;
      start_receive(cqe->res);
    }
    if (!more)
      start_accept(fd);
    break;
  case RECEIVE:
    if (cqe->res > 0)
      start_send(fd, cqe->flags >> IORING_CQE_BUFFER_SHIFT, cqe->res);
    if (!more) {
      if (cqe->res > 0 || cqe->res == -ENOBUFS)
        start_receive(fd);
      else
        start_close(fd);
    }
    break;
  case SEND: {
    unsigned buffer = user_data >> 32 & 0xffff;
    io_uring_buf_ring_add(buffer_ring, buffers + (size_t)buffer * BUFFER_SIZE, BUFFER_SIZE, buffer,
                          io_uring_buf_ring_mask(BUFFERS), returned);
    return returned + 1;
  }
  default:
    break;
  }
  return returned;
}

static void *answer(void *unused) {
  char line[64];
  while (fgets(line, sizeof line, stdin) != NULL) {
    printf("0 %llu\n", (unsigned long long)system_calls);
    fflush(stdout);
  }
  exit(0);
  return unused;
}

static int listen_on_loopback(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0 || bind(listener, (struct sockaddr *)&address, length) < 0 || listen(listener, 4096) < 0 ||
      getsockname(listener, (struct sockaddr *)&address, &length) < 0)
    fail("listen", errno);
  printf("ready %d\n", ntohs(address.sin_port));
  fflush(stdout);
  return listener;
}

int main(void) {
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  struct io_uring_params parameters = {
      .flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE, .cq_entries = 16384};
  int result = io_uring_queue_init_params(1024, &ring, &parameters);
  if (result < 0)
    fail("io_uring_queue_init", -result);
  io_uring_register_ring_fd(&ring);
  buffer_ring = mmap(NULL, BUFFERS * sizeof(struct io_uring_buf), PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);
  buffers = mmap(NULL, (size_t)BUFFERS * BUFFER_SIZE, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);
  struct io_uring_buf_reg registration = {.ring_addr = (uintptr_t)buffer_ring, .ring_entries = BUFFERS, .bgid = GROUP};
  result = io_uring_register_buf_ring(&ring, &registration, 0);
  if (result < 0)
    fail("io_uring_register_buf_ring", -result);
  io_uring_buf_ring_init(buffer_ring);
  for (int i = 0; i < BUFFERS; i++)
    io_uring_buf_ring_add(buffer_ring, buffers + (size_t)i * BUFFER_SIZE, BUFFER_SIZE, i, io_uring_buf_ring_mask(BUFFERS), i);
  io_uring_buf_ring_advance(buffer_ring, BUFFERS);

  start_accept(listen_on_loopback());
  pthread_t answering;
  pthread_create(&answering, NULL, answer, NULL);
  for (;;) {
    result = io_uring_submit_and_wait(&ring, 1);
    system_calls++;
    if (result < 0 && result != -EINTR && result != -EBUSY)
      fail("io_uring_submit_and_wait", -result);
    struct io_uring_cqe *cqe;
    unsigned head, seen = 0, returned = 0;
    io_uring_for_each_cqe(&ring, head, cqe) {
      returned = handle(cqe, returned);
      seen++;
    }
    io_uring_buf_ring_advance(buffer_ring, returned);
    io_uring_cq_advance(&ring, seen);
  }
}
