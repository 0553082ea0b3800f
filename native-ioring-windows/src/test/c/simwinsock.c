/*
 * Winsock, completion ports, AcceptEx and ConnectEx over the sockets of Linux, for tests on a Linux JVM. Overlapped
 * requests complete from one thread of its own; SOCKET values are never used twice.
 */
#ifndef _WIN32
#define _GNU_SOURCE
#include "simnet.h"
#include "simwin32.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#define EXPORT __attribute__((visibility("default")))
#define AS(name) __asm__(name)
enum { PENDING = 997, NOT_FOUND = 1168, INVALID_HANDLE_ERROR = 6, WAIT_TIMEOUT_ERROR = 258 };
#define PIPE_BROKEN 0xC000014Bu
enum { OP_RECEIVE, OP_SEND, OP_ACCEPT, OP_CONNECT };

typedef struct port { /* never freed: threads may wait */
    pthread_cond_t changed;
    sim_entry *entries;
    uint32_t head, count, room;
    int closed;
} port;

typedef struct op {
    struct op *next;
    int kind;
    sim_overlapped *overlapped;
    char *data;
    uint32_t length, done;
    void *address;
    int *address_length, address_room;
    struct sock *accepted;
    struct sock *owner;
} op;

typedef struct sock {
    net_socket handle;
    int fd, family, type, bound, listening, connected, updated, closed;
    int pipe; /* an end of a pipe, which kernel32 has the functions for */
    uint32_t flags;
    struct sock *listener;
    port *port;
    uint64_t key;
    op *pending[2]; /* 0 waits for input, 1 for output */
} sock;

typedef struct file {
    struct file *next;
    net_handle handle;
    port *port;
    uint64_t key;
} file;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static sock *sockets[1 << 20];
static uint32_t socket_count = 1;
static file *files;
static int live_ports;
static int started, running, wake_fd = -1, rio_wake_fd = -1;

#define SOCKET_BASE 0x100000u

/* ------------------------------------------------------------------ errors and addresses */

void net_last_error(int code) {
    errno = code;
}

void net_fatal(const char *what) {
    fprintf(stderr, "simulated Windows: %s\n", what);
    fflush(stderr);
    abort();
}

static int winsock_error(int e) {
    switch (e) {
        case EAGAIN: return 10035;
        case EINTR: return 10004;
        case EBADF: case ENOTSOCK: return 10038;
        case EACCES: case EPERM: return 10013;
        case EFAULT: return 10014;
        case EMFILE: return 10024;
        case EMSGSIZE: return 10040;
        case EOPNOTSUPP: return 10045;
        case EAFNOSUPPORT: return 10047;
        case EADDRINUSE: return 10048;
        case EADDRNOTAVAIL: return 10049;
        case ENETUNREACH: return 10051;
        case ECONNABORTED: return 10053;
        case ECONNRESET: case EPIPE: return 10054;
        case ENOBUFS: case ENOMEM: return 10055;
        case EISCONN: return 10056;
        case ENOTCONN: return 10057;
        case ETIMEDOUT: return 10060;
        case ECONNREFUSED: return 10061;
        case EHOSTUNREACH: return 10065;
        default: return 10022;
    }
}

static uint32_t status_of(int e) {
    switch (winsock_error(e)) {
        case 10054: return 0xC000020Du;
        case 10053: return 0xC0000241u;
        case 10061: return 0xC0000236u;
        case 10060: return 0xC00000B5u;
        case 10051: return 0xC000023Cu;
        case 10065: return 0xC000023Du;
        case 10048: return 0xC000020Au;
        case 10049: return 0xC0000207u;
        case 10057: return 0xC000020Cu;
        case 10013: return 0xC0000022u;
        case 10014: return 0xC0000005u;
        case 10040: return 0x80000005u;
        default: return 0xC000000Du;
    }
}

static int fail(int code) {
    errno = code;
    return -1;
}

static int answer(long result) {
    return result < 0 ? fail(winsock_error(errno)) : (int)result;
}

/* Only the number of IPv6's family differs: 23 there, 10 here. */
static socklen_t to_linux(struct sockaddr_storage *to, const void *from, int length) {
    if (length < 2) return 0;
    if (length > (int)sizeof *to) length = sizeof *to;
    memcpy(to, from, (size_t)length);
    if (to->ss_family == 23) to->ss_family = AF_INET6;
    if (to->ss_family == AF_INET && length > 16) length = 16;
    if (to->ss_family == AF_INET6 && length > 28) length = 28;
    return (socklen_t)length;
}

static int to_windows(void *to, int room, struct sockaddr_storage *from, socklen_t length) {
    if (from->ss_family == AF_INET6) from->ss_family = 23;
    if ((int)length > room) return -1;
    memcpy(to, from, length);
    return (int)length;
}

/* ------------------------------------------------------------------ sockets; with the lock held */

static sock *get(net_socket s) {
    uint64_t at = (s - SOCKET_BASE) / 4;
    return s < SOCKET_BASE || (s & 3) || at >= socket_count || !sockets[at] || sockets[at]->closed ? NULL : sockets[at];
}

static void post(port *p, uint64_t key, sim_overlapped *overlapped, uint64_t status, uint32_t bytes) {
    if (p->closed) return;
    if (p->count == p->room) {
        uint32_t room = p->room ? 2 * p->room : 64;
        sim_entry *entries = calloc(room, sizeof *entries);
        for (uint32_t i = 0; i < p->count; i++) entries[i] = p->entries[(p->head + i) % p->room];
        free(p->entries);
        p->entries = entries;
        p->head = 0;
        p->room = room;
    }
    p->entries[(p->head + p->count++) % p->room] = (sim_entry){key, overlapped, status, bytes};
    pthread_cond_broadcast(&p->changed);
}

static void finish(port *p, uint64_t key, sim_overlapped *overlapped, uint32_t status, uint32_t bytes) {
    overlapped->internal_high = bytes;
    __atomic_store_n(&overlapped->internal, status, __ATOMIC_RELEASE);
    uint64_t event = overlapped->event;
    if (event & ~1ull) SetEvent((HANDLE)(event & ~1ull));
    if (p && !(event & 1)) post(p, key, overlapped, status, bytes);
}

static void complete(op *done, uint32_t status) {
    if (done->kind == OP_ACCEPT && status) done->accepted->listener = NULL;
    finish(done->owner->port, done->owner->key, done->overlapped, status, done->done);
    free(done);
}

/* One turn of the first request of a direction; true when it is gone. */
static int advance(sock *s, int d) {
    op *q = s->pending[d];
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    uint32_t status = 0;
    long n = 0;
    switch (q->kind) {
        case OP_RECEIVE: {
            struct iovec vector = {q->data, q->length};
            struct msghdr message = {.msg_name = &address, .msg_namelen = length, .msg_iov = &vector, .msg_iovlen = 1};
            n = recvmsg(s->fd, &message, MSG_DONTWAIT);
            if (n == 0 && s->pipe) status = PIPE_BROKEN;
            if (n >= 0) {
                q->done = (uint32_t)n;
                if (message.msg_flags & MSG_TRUNC) status = 0x80000005u;
                if (q->address) {
                    *q->address_length = to_windows(q->address, q->address_room, &address, message.msg_namelen);
                }
            }
            break;
        }
        case OP_SEND:
            if (q->address) {
                length = to_linux(&address, q->address, q->address_room);
                n = sendto(s->fd, q->data, q->length, MSG_DONTWAIT | MSG_NOSIGNAL, (void *)&address, length);
            } else {
                n = send(s->fd, q->data + q->done, q->length - q->done, MSG_DONTWAIT | MSG_NOSIGNAL);
            }
            if (n >= 0) q->done += (uint32_t)n;
            if (n > 0 && q->done < q->length && s->type == SOCK_STREAM) return 0;
            break;
        case OP_ACCEPT: {
            n = accept4(s->fd, (void *)&address, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (n >= 0) {
                char byte;
                if (recv((int)n, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == ECONNRESET) {
                    close((int)n);
                    status = 0xC000020Du; /* the peer left before it was accepted */
                } else if (q->accepted->closed) {
                    close((int)n);
                    status = 0xC0000120u;
                } else {
                    dup3((int)n, q->accepted->fd, O_CLOEXEC);
                    close((int)n);
                    q->accepted->connected = q->accepted->bound = 1;
                }
                n = 0;
            } else if (errno == ECONNABORTED) {
                n = 0;
                status = 0xC000020Du;
            }
            break;
        }
        default: {
            int error = 0;
            length = sizeof error;
            struct pollfd polled = {s->fd, POLLOUT, 0};
            if (poll(&polled, 1, 0) == 0) return 0;
            syscall(SYS_getsockopt, s->fd, SOL_SOCKET, SO_ERROR, &error, &length);
            if (error) {
                n = -1;
                errno = error;
            } else {
                s->connected = 1;
            }
        }
    }
    if (n < 0) {
        if (errno == EAGAIN || errno == EINTR) return 0;
        status = s->pipe ? PIPE_BROKEN : status_of(errno);
    }
    s->pending[d] = q->next;
    complete(q, status);
    return 1;
}

static void *worker(void *unused) {
    (void)unused;
    static struct pollfd polled[65536];
    static sock *owners[65536];
    for (;;) {
        int count = 1;
        polled[0] = (struct pollfd){wake_fd, POLLIN, 0};
        pthread_mutex_lock(&lock);
        for (uint32_t i = 1; i < socket_count && count < 65536; i++) {
            sock *s = sockets[i];
            if (!s || s->closed || (!s->pending[0] && !s->pending[1])) continue;
            owners[count] = s;
            polled[count++] = (struct pollfd){
                s->fd, (short)((s->pending[0] ? POLLIN : 0) | (s->pending[1] ? POLLOUT : 0)), 0};
        }
        pthread_mutex_unlock(&lock);
        if (poll(polled, (nfds_t)count, 1000) <= 0) continue;
        uint64_t drop;
        if (polled[0].revents && read(wake_fd, &drop, sizeof drop) < 0) net_fatal("eventfd");
        pthread_mutex_lock(&lock);
        for (int i = 1; i < count; i++) {
            sock *s = owners[i];
            if (!polled[i].revents) continue;
            for (int d = 0; d < 2; d++) while (!s->closed && s->pending[d] && advance(s, d)) {
            }
        }
        pthread_mutex_unlock(&lock);
    }
    return NULL;
}

static void queue(sock *s, op *q, int d) {
    if (!running) {
        running = 1;
        pthread_t thread;
        wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        pthread_create(&thread, NULL, worker, NULL);
        pthread_detach(thread);
    }
    q->owner = s;
    q->overlapped->internal = 0x103;
    q->overlapped->internal_high = 0;
    op **last = &s->pending[d];
    while (*last) last = &(*last)->next;
    *last = q;
    uint64_t one = 1;
    if (write(wake_fd, &one, sizeof one) < 0) net_fatal("eventfd");
}

static int cancel(sock *s, sim_overlapped *which) {
    int found = 0;
    for (int d = 0; d < 2; d++) {
        for (op **link = &s->pending[d]; *link;) {
            op *q = *link;
            if (which && q->overlapped != which) {
                link = &q->next;
                continue;
            }
            *link = q->next;
            complete(q, 0xC0000120u);
            found++;
        }
    }
    return found;
}

/* ------------------------------------------------------------------ what simrio.c needs */

static int fd_of(net_socket s) {
    pthread_mutex_lock(&lock);
    sock *k = get(s);
    int fd = k ? k->fd : -1;
    pthread_mutex_unlock(&lock);
    return fd;
}

int net_prepare(net_socket s) {
    pthread_mutex_lock(&lock);
    if (rio_wake_fd < 0) rio_wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    sock *k = get(s);
    int stream = k && k->type == SOCK_STREAM;
    pthread_mutex_unlock(&lock);
    return stream;
}

int net_receive(net_socket s, void *to, uint32_t length, void *address, uint32_t room, int *truncated) {
    struct sockaddr_storage from = {0};
    struct iovec vector = {to, length};
    struct msghdr message = {.msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &vector, .msg_iovlen = 1};
    long n = recvmsg(fd_of(s), &message, MSG_DONTWAIT);
    if (n < 0) return -winsock_error(errno);
    *truncated = (message.msg_flags & MSG_TRUNC) != 0;
    if (address) to_windows(address, (int)room, &from, message.msg_namelen);
    return (int)n;
}

int net_send(net_socket s, const void *from, uint32_t length, const void *address, uint32_t address_length) {
    struct sockaddr_storage to;
    socklen_t to_length = address ? to_linux(&to, address, (int)address_length) : 0;
    long n = sendto(fd_of(s), from, length, MSG_DONTWAIT | MSG_NOSIGNAL, address ? (void *)&to : NULL, to_length);
    return n < 0 ? -winsock_error(errno) : (int)n;
}

int net_wait(net_socket *s, unsigned char *wants, int count, int milliseconds) {
    static struct pollfd polled[MOST_QUEUES + 1];
    uint64_t drop;
    for (int i = 0; i < count; i++) {
        polled[i] = (struct pollfd){
            fd_of(s[i]), (short)((wants[i] & 1 ? POLLIN : 0) | (wants[i] & 2 ? POLLOUT : 0)), 0};
    }
    polled[count] = (struct pollfd){rio_wake_fd, POLLIN, 0};
    int any = poll(polled, (nfds_t)count + 1, milliseconds);
    for (int i = 0; i < count; i++) {
        int seen = any > 0 ? polled[i].revents : 0, ends = seen & (POLLERR | POLLHUP | POLLNVAL);
        wants[i] = (unsigned char)((seen & POLLIN || ends ? 1 : 0) | (seen & POLLOUT || ends ? 2 : 0));
    }
    if (any > 0 && polled[count].revents) {
        if (read(rio_wake_fd, &drop, sizeof drop) < 0) net_fatal("eventfd");
    }
    return any > 0;
}

void net_wake(void) {
    uint64_t one = 1;
    if (write(rio_wake_fd, &one, sizeof one) < 0) net_fatal("eventfd");
}

void net_set_event(net_handle event) {
    SetEvent((HANDLE)event);
}

void net_reset_event(net_handle event) {
    ResetEvent((HANDLE)event);
}

/* ------------------------------------------------------------------ completion ports, as kernel32 exports them */

static port *port_of(net_handle handle) {
    struct sim_object *object = sim_acquire((HANDLE)handle, SIM_PORT);
    if (!object) return NULL;
    port *p = object->owned;
    sim_release(object);
    return p;
}

static void release_port(struct sim_object *object) {
    port *p = object->owned;
    pthread_mutex_lock(&lock);
    p->closed = 1;
    live_ports--;
    pthread_cond_broadcast(&p->changed);
    pthread_mutex_unlock(&lock);
}

/* The descriptor of a file, or -1. */
static int file_fd(net_handle handle) {
    struct sim_object *object = sim_acquire((HANDLE)handle, SIM_FILE);
    if (!object) return -1;
    int fd = object->fd;
    sim_release(object);
    return fd;
}

EXPORT int PostQueuedCompletionStatus(net_handle handle, uint32_t bytes, uint64_t key, sim_overlapped *overlapped);

void net_post(net_handle handle, uint64_t key, sim_overlapped *overlapped) {
    PostQueuedCompletionStatus(handle, 0, key, overlapped);
}

EXPORT net_handle CreateIoCompletionPort(net_handle handle, net_handle existing, uint64_t key, uint32_t threads) {
    (void)threads;
    if (!existing) {
        port *p = calloc(1, sizeof *p);
        pthread_condattr_t clock;
        pthread_condattr_init(&clock);
        pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
        pthread_cond_init(&p->changed, &clock);
        struct sim_object *object = sim_object(SIM_PORT, -1);
        object->owned = p;
        object->release = release_port;
        existing = (net_handle)(uintptr_t)sim_handle(object);
        pthread_mutex_lock(&lock);
        live_ports++;
        pthread_mutex_unlock(&lock);
        if (handle == (net_handle)-1) return existing;
    }
    port *p = port_of(existing);
    int code = p ? 0 : INVALID_HANDLE_ERROR;
    int fd = file_fd(handle);
    pthread_mutex_lock(&lock);
    sock *s = get(handle);
    if (!code && s) {
        code = s->port ? ERROR_INVALID_PARAMETER : 0;
        if (!code) {
            s->port = p;
            s->key = key;
        }
    } else if (!code && fd >= 0) {
        file *f = files;
        while (f && f->handle != handle) f = f->next;
        if (!f) {
            f = calloc(1, sizeof *f);
            f->next = files;
            files = f;
        }
        f->handle = handle;
        f->port = p;
        f->key = key;
    } else if (!code) {
        code = INVALID_HANDLE_ERROR;
    }
    pthread_mutex_unlock(&lock);
    errno = code;
    return code ? 0 : existing;
}

/* FileReplaceCompletionInformation of a socket with nothing in flight, no port: as of Windows 8.1. */
EXPORT int32_t NtSetInformationFile(net_handle handle, void *block, uint64_t *information, uint32_t length,
                                    int32_t kind) {
    (void)block;
    if (kind != 61 || length != 16 || information[0]) return (int32_t)0xC000000Du; /* STATUS_INVALID_PARAMETER */
    pthread_mutex_lock(&lock);
    sock *s = get(handle);
    if (s) s->port = NULL;
    pthread_mutex_unlock(&lock);
    return s ? 0 : (int32_t)0xC0000008u; /* STATUS_INVALID_HANDLE */
}

EXPORT int PostQueuedCompletionStatus(net_handle handle, uint32_t bytes, uint64_t key, sim_overlapped *overlapped) {
    port *p = port_of(handle);
    if (!p) return errno = INVALID_HANDLE_ERROR, 0;
    pthread_mutex_lock(&lock);
    post(p, key, overlapped, 0, bytes);
    pthread_mutex_unlock(&lock);
    return 1;
}

EXPORT int GetQueuedCompletionStatusEx(net_handle handle, sim_entry *to, uint32_t room, uint32_t *removed,
                                       uint32_t milliseconds, int alertable) {
    (void)alertable;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += milliseconds / 1000;
    until.tv_nsec += (long)(milliseconds % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    port *p = port_of(handle);
    int code = p ? 0 : INVALID_HANDLE_ERROR;
    pthread_mutex_lock(&lock);
    while (!code && !p->count) {
        if (p->closed) {
            code = 735; /* ERROR_ABANDONED_WAIT_0 */
        } else if (milliseconds == 0) {
            code = WAIT_TIMEOUT_ERROR;
        } else if (milliseconds == 0xFFFFFFFFu) {
            pthread_cond_wait(&p->changed, &lock);
        } else if (pthread_cond_timedwait(&p->changed, &lock, &until) == ETIMEDOUT && !p->count) {
            code = WAIT_TIMEOUT_ERROR;
        }
    }
    uint32_t n = 0;
    while (!code && n < room && p->count) {
        to[n++] = p->entries[p->head];
        p->head = (p->head + 1) % p->room;
        p->count--;
    }
    if (!code) *removed = n;
    pthread_mutex_unlock(&lock);
    errno = code;
    return !code;
}

EXPORT int CancelIoEx(net_handle handle, sim_overlapped *which) {
    pthread_mutex_lock(&lock);
    sock *s = get(handle);
    int found = s ? cancel(s, which) : 0;
    pthread_mutex_unlock(&lock);
    if (!found) errno = s || file_fd(handle) >= 0 ? NOT_FOUND : INVALID_HANDLE_ERROR;
    return found > 0;
}

static int transfer_of_pipe(net_handle handle, void *data, uint32_t length, sim_overlapped *overlapped, int out);

/* Files: done at once, told by the port, as Windows does it for cached ones. */
static int transfer(net_handle handle, void *data, uint32_t length, uint32_t *bytes, sim_overlapped *overlapped,
                    int out) {
    if (overlapped && transfer_of_pipe(handle, data, length, overlapped, out)) return errno = PENDING, 0;
    int fd = file_fd(handle);
    if (fd < 0 || !overlapped) return errno = INVALID_HANDLE_ERROR, 0;
    long at = (long)((uint64_t)overlapped->offset_high << 32 | overlapped->offset);
    if (at == -1 && !out) return errno = 87, 0;
    static pthread_mutex_t appending = PTHREAD_MUTEX_INITIALIZER;
    int to_end = at == -1;
    if (to_end) { /* all ones: the end of the file */
        pthread_mutex_lock(&appending);
        at = lseek(fd, 0, SEEK_END);
    }
    long n = out ? pwrite(fd, data, length, at) : pread(fd, data, length, at);
    int error = errno;
    if (to_end) pthread_mutex_unlock(&appending);
    if (n == 0 && length && !out) return errno = 38, 0; /* ERROR_HANDLE_EOF, and no completion */
    if (n < 0) return errno = error == EBADF ? 5 : sim_error(error), 0;
    pthread_mutex_lock(&lock);
    file *f = files;
    while (f && f->handle != handle) f = f->next;
    finish(f ? f->port : NULL, f ? f->key : 0, overlapped, 0, (uint32_t)n);
    pthread_mutex_unlock(&lock);
    if (bytes) *bytes = (uint32_t)n;
    return errno = PENDING, 0;
}

/* ------------------------------------------------------------------ pipes: the ends of a pair of unix sockets */

static char pipe_name[256]; /* of the last pipe, and its other end, until that is opened */
static net_handle pipe_other;

static net_handle pipe_end(int fd, int flags) {
    sock *s = calloc(1, sizeof *s);
    *s = (sock){.fd = fd, .family = AF_UNIX, .type = SOCK_STREAM, .connected = 1, .pipe = 1, .flags = (uint32_t)flags,
                .handle = SOCKET_BASE + 4ull * socket_count};
    sockets[socket_count++] = s;
    return s->handle;
}

net_handle net_create_pipe(const char *name, int buffer) {
    int fds[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds)) return 0;
    for (int i = 0; i < 2; i++) {
        if (buffer) syscall(SYS_setsockopt, fds[i], SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
    }
    pthread_mutex_lock(&lock);
    net_handle made = pipe_end(fds[0], 0);
    pipe_other = pipe_end(fds[1], 0);
    snprintf(pipe_name, sizeof pipe_name, "%s", name);
    pthread_mutex_unlock(&lock);
    return made;
}

net_handle net_open_pipe(const char *name) {
    pthread_mutex_lock(&lock);
    net_handle opened = pipe_other && !strcmp(name, pipe_name) ? pipe_other : 0;
    if (opened) pipe_other = 0;
    pthread_mutex_unlock(&lock);
    return opened;
}

int net_close_pipe(net_handle handle) {
    pthread_mutex_lock(&lock);
    sock *s = get(handle);
    int found = s && s->pipe;
    if (found) {
        cancel(s, NULL);
        s->closed = 1;
        close(s->fd);
    }
    pthread_mutex_unlock(&lock);
    return found;
}

static int transfer_of_pipe(net_handle handle, void *data, uint32_t length, sim_overlapped *overlapped, int out) {
    pthread_mutex_lock(&lock);
    sock *s = get(handle);
    int found = s && s->pipe;
    if (found) {
        op *q = calloc(1, sizeof *q);
        *q = (op){.kind = out ? OP_SEND : OP_RECEIVE, .overlapped = overlapped, .data = data, .length = length};
        queue(s, q, out);
    }
    pthread_mutex_unlock(&lock);
    return found;
}

EXPORT int ReadFile(net_handle file, void *data, uint32_t length, uint32_t *bytes, sim_overlapped *overlapped) {
    return transfer(file, data, length, bytes, overlapped, 0);
}

EXPORT int WriteFile(net_handle file, void *data, uint32_t length, uint32_t *bytes, sim_overlapped *overlapped) {
    return transfer(file, data, length, bytes, overlapped, 1);
}

/* ------------------------------------------------------------------ Winsock, as ws2_32 exports it */

EXPORT int WSAStartup(uint16_t version, unsigned char *data) {
    if (version != 0x0202) return 10092;
    memset(data, 0, 408);
    memcpy(data, "\2\2\2\2", 4);
    started = 1;
    return 0;
}

EXPORT net_socket WSASocketW(int family, int type, int protocol, void *info, uint32_t group, uint32_t flags) {
    (void)info;
    (void)group;
    if (!started) return errno = 10093, (net_socket)-1;
    int fd = (int)syscall(SYS_socket, family == 23 ? AF_INET6 : family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
    if (fd < 0) return errno = winsock_error(errno), (net_socket)-1;
    sock *s = calloc(1, sizeof *s);
    pthread_mutex_lock(&lock);
    *s = (sock){.fd = fd, .family = family, .type = type, .flags = flags, .handle = SOCKET_BASE + 4ull * socket_count};
    if (socket_count == 1 << 20) net_fatal("more sockets than the simulator has numbers for");
    sockets[socket_count++] = s;
    pthread_mutex_unlock(&lock);
    rio_socket_made(s->handle, flags);
    return s->handle;
}

EXPORT int closesocket(net_socket handle) {
    rio_socket_closed(handle);
    pthread_mutex_lock(&lock);
    sock *s = get(handle);
    if (s) {
        cancel(s, NULL);
        s->closed = 1; /* and kept: a later use is an error, not somebody else's socket */
        if (s->listening) syscall(SYS_shutdown, s->fd, SHUT_RDWR);
        close(s->fd);
        uint64_t one = 1; /* while a thread polls it, the socket is not closed */
        if (wake_fd >= 0 && write(wake_fd, &one, sizeof one) < 0) net_fatal("eventfd");
        if (rio_wake_fd >= 0) net_wake();
    }
    pthread_mutex_unlock(&lock);
    return s ? 0 : fail(10038);
}

/* Sockets that are open. */
EXPORT int sim_sockets(void) {
    int count = 0;
    pthread_mutex_lock(&lock);
    for (uint32_t i = 1; i < socket_count; i++) count += !sockets[i]->closed;
    pthread_mutex_unlock(&lock);
    return count;
}

/* Completion ports that are open. */
EXPORT int sim_ports(void) {
    return live_ports;
}

EXPORT int win_bind(net_socket handle, const void *address, int length) AS("bind");
EXPORT int win_bind(net_socket handle, const void *address, int length) {
    struct sockaddr_storage to;
    socklen_t to_length = to_linux(&to, address, length);
    pthread_mutex_lock(&lock);
    sock *s = get(handle);
    int one = 1;
    int result = -1, code = 10038;
    if (s && s->type == SOCK_STREAM) syscall(SYS_setsockopt, s->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (s && s->bound) code = 10022;
    else if (s && (result = (int)syscall(SYS_bind, s->fd, &to, to_length)) < 0) code = winsock_error(errno);
    if (result == 0) s->bound = 1;
    pthread_mutex_unlock(&lock);
    return result < 0 ? fail(code) : 0;
}

/* Datagrams, and local sockets: done at once. The address of all zeros undoes the former. */
EXPORT int win_connect(net_socket handle, const void *address, int length) AS("connect");
EXPORT int win_connect(net_socket handle, const void *address, int length) {
    struct sockaddr_storage to = {0};
    socklen_t to_length = to_linux(&to, address, length);
    static const char zeros[24];
    pthread_mutex_lock(&lock);
    sock *s = get(handle);
    int result = -1, code = 10038;
    if (s) {
        if (s->type != SOCK_STREAM && !memcmp((char *)&to + 2, zeros, to_length > 26 ? 24 : to_length - 2)) {
            struct sockaddr_storage local;
            socklen_t local_length = sizeof local;
            syscall(SYS_getsockname, s->fd, &local, &local_length);
            to.ss_family = AF_UNSPEC;
            result = (int)syscall(SYS_connect, s->fd, &to, sizeof(struct sockaddr));
            if (!result) syscall(SYS_bind, s->fd, &local, local_length); /* Linux gives an ephemeral port up */
        } else {
            result = (int)syscall(SYS_connect, s->fd, &to, to_length);
        }
        code = result < 0 ? winsock_error(errno) : 0;
        if (!result && s->type == SOCK_STREAM) s->connected = s->updated = s->bound = 1;
    }
    pthread_mutex_unlock(&lock);
    return result < 0 ? fail(code) : 0;
}

EXPORT int win_listen(net_socket handle, int backlog) AS("listen");
EXPORT int win_listen(net_socket handle, int backlog) {
    pthread_mutex_lock(&lock);
    sock *s = get(handle);
    int bound = s && s->bound;
    if (bound) s->listening = 1;
    pthread_mutex_unlock(&lock);
    if (!s) return fail(10038);
    return bound ? answer(syscall(SYS_listen, s->fd, backlog == 0x7fffffff ? 4096 : backlog)) : fail(10022);
}

/* The Linux number of an option, or -1; the level is Linux' as well, but for that of sockets. */
static int option(int level, int name) {
    static const int sockets[][2] = {{2, SO_ACCEPTCONN}, {4, SO_REUSEADDR}, {8, SO_KEEPALIVE}, {0x20, SO_BROADCAST},
        {0x80, SO_LINGER}, {0x1001, SO_SNDBUF}, {0x1002, SO_RCVBUF}, {0x1007, SO_ERROR}, {0x1008, SO_TYPE}};
    static const int ip[][2] = {{3, IP_TOS}, {9, IP_MULTICAST_IF}, {10, IP_MULTICAST_TTL}, {11, IP_MULTICAST_LOOP},
        {41, MCAST_JOIN_GROUP}, {42, MCAST_LEAVE_GROUP}, {45, MCAST_JOIN_SOURCE_GROUP}, {46, MCAST_LEAVE_SOURCE_GROUP}};
    static const int ip6[][2] = {{9, IPV6_MULTICAST_IF}, {10, IPV6_MULTICAST_HOPS}, {11, IPV6_MULTICAST_LOOP},
        {27, IPV6_V6ONLY}, {39, IPV6_TCLASS}, {41, MCAST_JOIN_GROUP}, {42, MCAST_LEAVE_GROUP},
        {45, MCAST_JOIN_SOURCE_GROUP}, {46, MCAST_LEAVE_SOURCE_GROUP}};
    static const int tcp[][2] = {{1, TCP_NODELAY}, {3, TCP_KEEPIDLE}, {16, TCP_KEEPCNT}, {17, TCP_KEEPINTVL}};
    const int(*table)[2] = level == 0xFFFF ? sockets : level == 0 ? ip : level == 41 ? ip6 : tcp;
    unsigned count = level == 0xFFFF ? sizeof sockets : level == 0 ? sizeof ip : level == 41 ? sizeof ip6 : sizeof tcp;
    for (unsigned i = 0; (level == 0xFFFF || level == 0 || level == 41 || level == 6) && i < count / sizeof *table; i++) {
        if (table[i][0] == name) return table[i][1];
    }
    return -1;
}

/* Multicast: addresses within the value, and interfaces by their number. */
static int set_group(int fd, int level, int name, int to, const void *value, int length) {
    unsigned char copy[8 + 2 * sizeof(struct sockaddr_storage)];
    if (level == 0 && name == 9) { /* an address of 0.x.y.z is an interface's number */
        uint32_t number;
        memcpy(&number, value, sizeof number);
        struct ip_mreqn by = {.imr_ifindex = (int)__builtin_bswap32(number)};
        return answer(syscall(SYS_setsockopt, fd, level, to, &by, sizeof by));
    }
    if (length > (int)sizeof copy || length < 8 + (int)sizeof(struct sockaddr_storage)) return fail(10014);
    memcpy(copy, value, (size_t)length);
    for (int at = 8; at < length; at += sizeof(struct sockaddr_storage)) {
        to_linux((struct sockaddr_storage *)(void *)(copy + at), (const char *)value + at, sizeof(struct sockaddr_storage));
    }
    return answer(syscall(SYS_setsockopt, fd, level, to, copy, length));
}

EXPORT int win_setsockopt(net_socket handle, int level, int name, const void *value, int length) AS("setsockopt");
EXPORT int win_setsockopt(net_socket handle, int level, int name, const void *value, int length) {
    pthread_mutex_lock(&lock);
    sock *s = get(handle);
    int fd = s ? s->fd : -1, code = s ? 0 : 10038;
    int special = level == 0xFFFF && (name == 0x700B || name == 0x7010 || name == -5);
    net_socket listener = 0;
    if (!code && level == 0xFFFF && name == 0x700B) {
        if (length != 8) {
            code = 10014;
        } else {
            memcpy(&listener, value, sizeof listener);
            sock *l = get(listener);
            if (!l || s->listener != l) code = 10022;
            else if (!s->connected) code = 10057;
            else s->updated = 1;
        }
    } else if (!code && level == 0xFFFF && name == 0x7010) {
        if (!s->connected) code = 10057;
        else s->updated = 1;
    }
    pthread_mutex_unlock(&lock);
    if (code) return fail(code);
    if (listener) rio_socket_accepted(handle, listener);
    if (special) return 0;
    int to = option(level, name);
    if (to < 0) return fail(10042);
    if (level == 0xFFFF && name == 0x80) {
        const uint16_t *from = value; /* struct linger has two 16-bit fields there, two ints here */
        struct linger linger = {from[0], from[1]};
        return answer(syscall(SYS_setsockopt, fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger));
    }
    if ((level == 0 && name == 9) || ((level == 0 || level == 41) && name >= 41 && name != 27)) {
        return set_group(fd, level, name, to, value, length);
    }
    return answer(syscall(SYS_setsockopt, fd, level == 0xFFFF ? SOL_SOCKET : level, to, value, length));
}

EXPORT int win_getsockopt(net_socket handle, int level, int name, void *value, int *length) AS("getsockopt");
EXPORT int win_getsockopt(net_socket handle, int level, int name, void *value, int *length) {
    int fd = fd_of(handle);
    if (fd < 0) return fail(10038);
    int to = option(level, name);
    if (to < 0) return fail(10042);
    if (level == 0xFFFF && name == 0x80) {
        struct linger linger;
        socklen_t linger_length = sizeof linger;
        if (syscall(SYS_getsockopt, fd, SOL_SOCKET, SO_LINGER, &linger, &linger_length)) return fail(winsock_error(errno));
        uint16_t two[2] = {(uint16_t)linger.l_onoff, (uint16_t)linger.l_linger};
        memcpy(value, two, sizeof two);
        return *length = sizeof two, 0;
    }
    int result = answer(syscall(SYS_getsockopt, fd, level == 0xFFFF ? SOL_SOCKET : level, to, value, length));
    if (!result && level == 0xFFFF && (name == 0x1001 || name == 0x1002)) *(int *)value /= 2; /* Linux tells twice as much */
    if (!result && level == 0xFFFF && name == 0x1007 && *(int *)value) *(int *)value = winsock_error(*(int *)value);
    return result;
}

static int name_of(net_socket handle, void *address, int *length, long call) {
    struct sockaddr_storage from = {0};
    socklen_t from_length = sizeof from;
    pthread_mutex_lock(&lock);
    sock *s = get(handle);
    int code = !s ? 10038 : call == SYS_getsockname && !s->bound ? 10022
        : s->type == SOCK_STREAM && s->connected && !s->updated ? 10057 : 0;
    int fd = s ? s->fd : -1;
    pthread_mutex_unlock(&lock);
    if (code) return fail(code);
    if (syscall(call, fd, &from, &from_length) < 0) return fail(winsock_error(errno));
    int n = to_windows(address, *length, &from, from_length);
    if (n < 0) return fail(10014);
    *length = n;
    return 0;
}

EXPORT int win_getsockname(net_socket handle, void *address, int *length) AS("getsockname");
EXPORT int win_getsockname(net_socket handle, void *address, int *length) {
    return name_of(handle, address, length, SYS_getsockname);
}

EXPORT int win_getpeername(net_socket handle, void *address, int *length) AS("getpeername");
EXPORT int win_getpeername(net_socket handle, void *address, int *length) {
    return name_of(handle, address, length, SYS_getpeername);
}

EXPORT int win_ioctlsocket(net_socket handle, int32_t command, uint32_t *argument) AS("ioctlsocket");
EXPORT int win_ioctlsocket(net_socket handle, int32_t command, uint32_t *argument) {
    pthread_mutex_lock(&lock);
    sock *s = get(handle);
    int fd = s ? s->fd : -1, waiting = 0;
    pthread_mutex_unlock(&lock);
    if (fd < 0) return fail(10038);
    if ((uint32_t)command != 0x4004667Fu) return fail(10022); /* FIONREAD */
    int done = ioctl(fd, FIONREAD, &waiting);
    *argument = (uint32_t)waiting;
    return answer(done);
}

EXPORT int win_shutdown(net_socket handle, int how) AS("shutdown");
EXPORT int win_shutdown(net_socket handle, int how) {
    pthread_mutex_lock(&lock);
    sock *s = get(handle);
    int fd = s ? s->fd : -1, updated = s && (s->updated || s->type != SOCK_STREAM);
    pthread_mutex_unlock(&lock);
    if (fd < 0) return fail(10038);
    return updated ? answer(syscall(SYS_shutdown, fd, how)) : fail(10057);
}

static int submit(net_socket handle, int kind, int d, char *data, uint32_t length, void *address, int *address_length,
                  int address_room, sim_overlapped *overlapped) {
    if (!overlapped) return fail(10022);
    pthread_mutex_lock(&lock);
    sock *s = get(handle);
    int code = !s ? 10038 : s->type == SOCK_STREAM && !s->connected ? 10057 : PENDING;
    if (code == PENDING) {
        op *q = calloc(1, sizeof *q);
        *q = (op){.kind = kind, .overlapped = overlapped, .data = data, .length = length, .address = address,
                  .address_length = address_length, .address_room = address_room};
        queue(s, q, d);
    }
    pthread_mutex_unlock(&lock);
    return fail(code);
}

typedef struct {
    uint32_t length;
    char *data;
} wsabuf;

EXPORT int WSARecv(net_socket s, wsabuf *buffers, uint32_t count, uint32_t *bytes, uint32_t *flags,
                   sim_overlapped *overlapped, void *routine) {
    (void)bytes;
    if (count != 1 || *flags || routine) return fail(10022);
    return submit(s, OP_RECEIVE, 0, buffers->data, buffers->length, NULL, NULL, 0, overlapped);
}

EXPORT int WSASend(net_socket s, wsabuf *buffers, uint32_t count, uint32_t *bytes, uint32_t flags,
                   sim_overlapped *overlapped, void *routine) {
    (void)bytes;
    if (count != 1 || flags || routine) return fail(10022);
    return submit(s, OP_SEND, 1, buffers->data, buffers->length, NULL, NULL, 0, overlapped);
}

EXPORT int WSARecvFrom(net_socket s, wsabuf *buffers, uint32_t count, uint32_t *bytes, uint32_t *flags, void *from,
                       int *from_length, sim_overlapped *overlapped, void *routine) {
    (void)bytes;
    if (count != 1 || *flags || routine) return fail(10022);
    return submit(s, OP_RECEIVE, 0, buffers->data, buffers->length, from, from_length, *from_length, overlapped);
}

EXPORT int WSASendTo(net_socket s, wsabuf *buffers, uint32_t count, uint32_t *bytes, uint32_t flags, void *to,
                     int to_length, sim_overlapped *overlapped, void *routine) {
    (void)bytes;
    if (count != 1 || flags || routine) return fail(10022);
    return submit(s, OP_SEND, 1, buffers->data, buffers->length, to, NULL, to_length, overlapped);
}

static int accept_ex(net_socket listener, net_socket accepted, void *out, uint32_t receive, uint32_t local,
                     uint32_t remote, uint32_t *bytes, sim_overlapped *overlapped) {
    (void)out;
    (void)bytes;
    pthread_mutex_lock(&lock);
    sock *l = get(listener), *a = get(accepted);
    int code = !l || !a ? 10038
        : !l->listening || a->bound || a->connected || a->listener || receive || local < 32 || remote < 32 ? 10022
        : PENDING;
    if (code == PENDING) {
        a->listener = l;
        op *q = calloc(1, sizeof *q);
        *q = (op){.kind = OP_ACCEPT, .overlapped = overlapped, .accepted = a};
        queue(l, q, 0);
    }
    pthread_mutex_unlock(&lock);
    return errno = code, 0;
}

static int connect_ex(net_socket handle, const void *address, int length, void *data, uint32_t data_length,
                      uint32_t *sent, sim_overlapped *overlapped) {
    (void)sent;
    struct sockaddr_storage to;
    socklen_t to_length = to_linux(&to, address, length);
    pthread_mutex_lock(&lock);
    sock *s = get(handle);
    int code = !s ? 10038 : !s->bound || data || data_length ? 10022 : s->connected ? 10056 : PENDING;
    if (code == PENDING) {
        if (syscall(SYS_connect, s->fd, &to, to_length) < 0 && errno != EINPROGRESS) {
            code = winsock_error(errno);
        } else {
            op *q = calloc(1, sizeof *q);
            *q = (op){.kind = OP_CONNECT, .overlapped = overlapped};
            queue(s, q, 1);
        }
    }
    pthread_mutex_unlock(&lock);
    return errno = code, 0;
}

EXPORT int WSAIoctl(net_socket handle, uint32_t code, void *in, uint32_t in_length, void *out, uint32_t out_length,
                    uint32_t *bytes, sim_overlapped *overlapped, void *routine) {
    static const unsigned char accept_guid[16] = {
        0xf1, 0x7d, 0x36, 0xb5, 0xac, 0xcb, 0xcf, 0x11, 0x95, 0xca, 0x00, 0x80, 0x5f, 0x48, 0xa1, 0x92};
    static const unsigned char connect_guid[16] = {
        0xb9, 0x07, 0xa2, 0x25, 0xf3, 0xdd, 0x60, 0x46, 0x8e, 0xe9, 0x76, 0xe5, 0x8c, 0x74, 0x06, 0x3e};
    if (overlapped || routine) return fail(10022);
    if (fd_of(handle) < 0) return fail(10038);
    if (code == 0xC8000024u && rio_table(in, in_length, out, out_length)) return *bytes = sizeof(sim_riotable), 0;
    if (code == 0xC8000006u && in_length == 16 && out_length == 8) {
        void *function = !memcmp(in, accept_guid, 16) ? (void *)accept_ex
            : !memcmp(in, connect_guid, 16) ? (void *)connect_ex : NULL;
        if (function) {
            memcpy(out, &function, sizeof function);
            return *bytes = sizeof function, 0;
        }
    }
    return fail(10045);
}
#endif
