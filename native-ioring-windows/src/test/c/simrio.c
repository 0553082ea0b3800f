/*
 * Registered I/O over ordinary sockets, for tests: strict where Windows leaves things undefined, so that wrong code
 * fails. On Linux part of one shared library with simwinsock.c; on Windows a DLL of its own in front of ws2_32.
 */
#define _GNU_SOURCE
#include "simnet.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <pthread.h>
#include <unistd.h>
#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#endif
#define CORRUPT 0xFFFFFFFFu
#define INVALID_ID ((void *)(uintptr_t)0xFFFFFFFFu)
enum { DONT_NOTIFY = 1, DEFER = 2, WAITALL = 4, COMMIT_ONLY = 8 };
enum { EFAULT_ = 10014, EINVAL_ = 10022, EALREADY_ = 10037, ENOTSOCK_ = 10038, EMSGSIZE_ = 10040, ENOBUFS_ = 10055,
       EOPNOTSUPP_ = 10045, ETOOMANYREFS_ = 10059, EWOULDBLOCK_ = 10035, ABORTED_ = 995 };

typedef struct buffer {
    uint32_t magic;
    char *base;
    uint32_t length;
    int used;
} buffer;

typedef struct cq {
    uint32_t magic, size, reserved, count, head;
    sim_rioresult *results;
    struct rq **owners;
    unsigned char *directions;
    int armed, corrupt, busy;
    int notify; /* 0 polled, 1 event, 2 port */
    sim_notification how;
} cq;

typedef struct request {
    struct request *next;
    int direction;
    char *data;
    uint32_t length, done;
    char *address;
    uint32_t address_length;
    buffer *used[5];
    uint32_t flags;
    uint64_t context;
    int deferred;
} request;

typedef struct rq {
    struct rq *next;
    uint32_t magic;
    net_socket socket;
    uint32_t max[2], outstanding[2]; /* 0 receive, 1 send; outstanding until dequeued */
    cq *queue[2];
    uint64_t context;
    request *pending[2];
    int closed, busy, mute, stream;
} rq;

typedef struct known {
    struct known *next;
    net_socket socket;
    uint32_t flags;
    int mute, shut;
} known;

#define CQ_MAGIC 0x51c051c0u
#define RQ_MAGIC 0x7e507e50u
#define BUFFER_MAGIC 0xb0ffb0ffu
#define DEAD 0xdeaddeadu

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER;
static rq *queues;
static known *sockets;
static int running, polling, live_cqs, live_rqs, live_buffers, refused;
static uint64_t random_state = 88172645463325252ull;
static int skip_percent = 20, defer_percent = 50, busy_spins;

/* ------------------------------------------------------------------ control by the tests */

EXPORT void sim_rio_configure(uint64_t seed, int skip, int defer, int spins) {
    pthread_mutex_lock(&lock);
    random_state = seed * 2685821657736338717ull + 1;
    skip_percent = skip;
    defer_percent = defer;
    busy_spins = spins;
    pthread_mutex_unlock(&lock);
}

/* 0 completion queues, 1 request queues, 2 registered buffers, 3 sockets with the registered flag, 4 answers WSAENOBUFS */
EXPORT int sim_rio_live(int what) {
    int answer = what == 0 ? live_cqs : what == 1 ? live_rqs : what == 2 ? live_buffers : what == 4 ? refused : 0;
    pthread_mutex_lock(&lock);
    for (known *k = sockets; what == 3 && k; k = k->next) answer += (k->flags & 0x100) != 0;
    pthread_mutex_unlock(&lock);
    return answer;
}

static unsigned roll(unsigned below) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (unsigned)((random_state >> 11) % below);
}

static void require(int holds, const char *what) {
    if (!holds) net_fatal(what);
}

static int fail(int code) {
    if (code == ENOBUFS_) __atomic_add_fetch(&refused, 1, __ATOMIC_RELAXED);
    net_last_error(code);
    return 0;
}

/* ------------------------------------------------------------------ sockets */

static known *find(net_socket s) {
    known *k = sockets;
    while (k && k->socket != s) k = k->next;
    return k;
}

void rio_socket_made(net_socket s, uint32_t flags) {
    pthread_mutex_lock(&lock);
    known *k = find(s);
    if (!k) {
        k = calloc(1, sizeof *k);
        k->next = sockets;
        sockets = k;
    }
    k->socket = s;
    k->flags = flags;
    k->mute = k->shut = 0;
    pthread_mutex_unlock(&lock);
}

void rio_socket_accepted(net_socket s, net_socket listener) {
    pthread_mutex_lock(&lock);
    known *k = find(s), *l = find(listener);
    if (k && l && !(l->flags & 0x100)) k->mute = 1;
    pthread_mutex_unlock(&lock);
}

/* ------------------------------------------------------------------ completions; all with the lock held */

static void fire(cq *q) {
    q->armed = 0;
    if (q->notify == 1) net_set_event(q->how.u.event.event);
    if (q->notify == 2) net_post(q->how.u.iocp.port, q->how.u.iocp.key, q->how.u.iocp.overlapped);
}

static void complete(rq *r, request *done, int status, uint32_t bytes) {
    cq *q = r->queue[done->direction];
    require(q->magic == CQ_MAGIC, "a completion for a completion queue that is closed");
    require(q->count < q->size, "more completions than the completion queue holds");
    uint32_t at = (q->head + q->count++) % q->size;
    q->results[at] = (sim_rioresult){status, bytes, r->context, done->context};
    q->owners[at] = r;
    q->directions[at] = (unsigned char)done->direction;
    for (int i = 0; i < 5; i++) if (done->used[i]) done->used[i]->used--;
    if (q->armed && !(done->flags & DONT_NOTIFY)) fire(q);
    free(done);
}

static void release(rq *r) {
    if (r->closed && !r->outstanding[0] && !r->outstanding[1] && r->magic == RQ_MAGIC) {
        r->magic = DEAD;
        live_rqs--;
        for (int d = 0; d < 2; d++) r->queue[d]->reserved -= r->max[d];
        rq **link = &queues;
        while (*link != r) link = &(*link)->next;
        *link = r->next; /* never freed: a later use is noticed */
    }
}

void rio_socket_closed(net_socket s) {
    pthread_mutex_lock(&lock);
    for (known **k = &sockets; *k; k = &(*k)->next) {
        if ((*k)->socket == s) {
            known *gone = *k;
            *k = gone->next;
            free(gone);
            break;
        }
    }
    for (rq *r = queues, *next; r; r = next) {
        next = r->next;
        if (r->socket != s || r->closed) continue;
        r->closed = 1;
        for (int d = 0; d < 2; d++) {
            while (r->pending[d]) {
                request *next = r->pending[d];
                r->pending[d] = next->next;
                complete(r, next, ABORTED_, 0);
            }
        }
        release(r);
    }
    pthread_mutex_unlock(&lock);
}

/* One turn of one direction of one socket; true when something was done. */
static int advance(rq *r, int d) {
    request *q = r->pending[d];
    if (!q || q->deferred || (d == 0 && r->mute)) return 0;
    int truncated = 0;
    int n = d == 0
        ? net_receive(r->socket, q->data + q->done, q->length - q->done, q->address, q->address_length, &truncated)
        : net_send(r->socket, q->data + q->done, q->length - q->done, q->address, q->address_length);
    if (n == -EWOULDBLOCK_) return 0;
    if (n > 0) q->done += (uint32_t)n;
    if (n > 0 && r->stream && q->done < q->length && (d == 1 || (q->flags & WAITALL))) return 1; /* more to come */
    r->pending[d] = q->next;
    complete(r, q, n < 0 ? -n : truncated ? EMSGSIZE_ : 0, q->done);
    return 1;
}

/* Half a millisecond without the lock. */
static void nap(void) {
    pthread_mutex_unlock(&lock);
    usleep(500);
    pthread_mutex_lock(&lock);
}

static unsigned char wanted(const rq *r) {
    if (r->magic != RQ_MAGIC || r->closed) return 0;
    return (unsigned char)((r->pending[0] && !r->pending[0]->deferred && !r->mute ? 1 : 0)
        | (r->pending[1] && !r->pending[1]->deferred ? 2 : 0));
}

static void *worker(void *unused) {
    static rq *order[MOST_QUEUES];
    static net_socket s[MOST_QUEUES];
    static unsigned char ready[MOST_QUEUES];
    (void)unused;
    pthread_mutex_lock(&lock);
    for (;;) {
        int count = 0;
        if ((int)roll(100) < skip_percent) nap(); /* so that requests gather, and are done in another order */
        for (rq *r = queues; r && count < MOST_QUEUES; r = r->next) if (wanted(r)) order[count++] = r;
        if (count == 0) {
            pthread_cond_wait(&work, &lock);
            continue;
        }
        for (int i = count - 1; i > 0; i--) {
            int j = (int)roll((unsigned)i + 1);
            rq *swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
        for (int i = 0; i < count; i++) {
            s[i] = order[i]->socket;
            ready[i] = wanted(order[i]);
        }
        polling = 1;
        pthread_mutex_unlock(&lock);
        int any = net_wait(s, ready, count, 50);
        pthread_mutex_lock(&lock);
        polling = 0;
        int skipped = 0, done = 0;
        for (int i = 0; i < count; i++) {
            unsigned char can = any ? ready[i] : 3; /* now and then all are tried, whatever the poll says */
            can &= wanted(order[i]);
            if (can && (int)roll(100) < skip_percent) {
                skipped = 1;
                continue;
            }
            int first = (int)roll(2);
            if (can & (1 << first)) done += advance(order[i], first);
            if (can & (2 >> first)) done += advance(order[i], 1 - first);
        }
        if (!done && (skipped || any)) nap(); /* a poll that promises what there is not must not keep others out */
    }
    return NULL;
}

static void start_worker(void) {
    if (!running) {
        running = 1;
        pthread_t thread;
        pthread_create(&thread, NULL, worker, NULL);
        pthread_detach(thread);
    }
}

static void kick(void) {
    pthread_cond_signal(&work);
    if (polling) net_wake();
    polling = 0; /* once is enough */
}

/* Two threads within one queue at the same time: its contents are not to be trusted from here on. */
static int enter(int *busy) {
    int before = __atomic_exchange_n(busy, 1, __ATOMIC_ACQ_REL);
    for (volatile int i = 0; i < busy_spins; i++) {
    }
    return before == 0;
}

static void leave(int *busy) {
    __atomic_store_n(busy, 0, __ATOMIC_RELEASE);
}

/* ------------------------------------------------------------------ the functions of the table */

static void *register_buffer(void *address, uint32_t length) {
    if (!length) return net_last_error(EINVAL_), INVALID_ID;
    if (!address) return net_last_error(EFAULT_), INVALID_ID;
    buffer *b = calloc(1, sizeof *b);
    *b = (buffer){BUFFER_MAGIC, address, length, 0};
    __atomic_add_fetch(&live_buffers, 1, __ATOMIC_RELAXED);
    return b;
}

static void deregister_buffer(void *id) {
    buffer *b = id;
    pthread_mutex_lock(&lock);
    require(id != INVALID_ID && b && b->magic == BUFFER_MAGIC, "RIODeregisterBuffer of what is not registered");
    require(b->used == 0, "RIODeregisterBuffer while a request uses the buffer");
    b->magic = DEAD; /* never freed: a later use is noticed */
    live_buffers--;
    pthread_mutex_unlock(&lock);
}

static void *create_cq(uint32_t size, sim_notification *how) {
    if (!size || size > 0x8000000u) return net_last_error(EINVAL_), NULL;
    if (how && ((how->type != 1 && how->type != 2) || (how->type == 2 && !how->u.iocp.overlapped))) {
        return net_last_error(EINVAL_), NULL;
    }
    cq *q = calloc(1, sizeof *q);
    q->magic = CQ_MAGIC;
    q->size = size;
    q->results = calloc(size, sizeof *q->results);
    q->owners = calloc(size, sizeof *q->owners);
    q->directions = calloc(size, 1);
    q->notify = how ? how->type : 0;
    if (how) q->how = *how;
    __atomic_add_fetch(&live_cqs, 1, __ATOMIC_RELAXED);
    return q;
}

static void close_cq(void *id) {
    cq *q = id;
    pthread_mutex_lock(&lock);
    require(q && q->magic == CQ_MAGIC, "RIOCloseCompletionQueue of what is none, or is closed");
    for (rq *r = queues; r; r = r->next) {
        require(r->magic != RQ_MAGIC || (r->queue[0] != q && r->queue[1] != q),
            "RIOCloseCompletionQueue before its sockets were closed and drained");
    }
    q->magic = DEAD;
    live_cqs--;
    pthread_mutex_unlock(&lock);
}

static void *create_rq(net_socket s, uint32_t receives, uint32_t receive_buffers, uint32_t sends, uint32_t send_buffers,
                       void *receive_cq, void *send_cq, uint64_t context) {
    cq *in = receive_cq, *out = send_cq;
    pthread_mutex_lock(&lock);
    require(in && in->magic == CQ_MAGIC && out && out->magic == CQ_MAGIC,
        "RIOCreateRequestQueue with a completion queue that is none, or is closed");
    known *k = find(s);
    int code = 0;
    if (!k) code = ENOTSOCK_;
    else if (!(k->flags & 0x100)) code = EOPNOTSUPP_;
    else if ((!receives && !sends) || receive_buffers != 1 || send_buffers != 1) code = EINVAL_;
    for (rq *r = queues; r && !code; r = r->next) if (r->socket == s && !r->closed) code = EINVAL_;
    if (!code) {
        uint64_t in_needs = (uint64_t)in->reserved + receives + (in == out ? sends : 0);
        uint64_t out_needs = (uint64_t)out->reserved + sends + (in == out ? receives : 0);
        if (in_needs > in->size || out_needs > out->size) code = ENOBUFS_;
    }
    rq *r = NULL;
    if (code) {
        fail(code);
    } else {
        r = calloc(1, sizeof *r);
        r->magic = RQ_MAGIC;
        r->socket = s;
        r->max[0] = receives;
        r->max[1] = sends;
        r->queue[0] = in;
        r->queue[1] = out;
        r->context = context;
        r->mute = k->mute;
        r->stream = net_prepare(s);
        in->reserved += receives;
        out->reserved += sends;
        r->next = queues;
        queues = r;
        live_rqs++;
        start_worker();
    }
    pthread_mutex_unlock(&lock);
    return r;
}

static buffer *check(sim_riobuf *piece, int *code) {
    buffer *b = piece->id;
    if (piece->id == INVALID_ID || !b || ((uintptr_t)b & 7)) {
        *code = EINVAL_;
        return NULL;
    }
    require(b->magic == BUFFER_MAGIC, "a request with a buffer that is not registered any more");
    if ((uint64_t)piece->offset + piece->length > b->length) *code = EFAULT_;
    return b;
}

static int overlaps(char *a, uint32_t a_length, char *b, uint32_t b_length) {
    return a_length && b_length && a < b + b_length && b < a + a_length;
}

static void commit(rq *r, int direction) {
    for (request *q = r->pending[direction]; q; q = q->next) q->deferred = 0;
}

static int submit(int direction, void *id, sim_riobuf *data, uint32_t count, sim_riobuf *local, sim_riobuf *remote,
                  sim_riobuf *control, sim_riobuf *flags_piece, uint32_t flags, uint64_t context) {
    rq *r = id;
    require(r && (r->magic == RQ_MAGIC || r->magic == DEAD), "a request on what is no request queue");
    require(r->magic == RQ_MAGIC && !r->closed, "a request on a request queue whose socket is closed");
    if (flags & COMMIT_ONLY) {
        if (flags != COMMIT_ONLY || data || count || local || remote || control || flags_piece || context) {
            return fail(EINVAL_);
        }
        pthread_mutex_lock(&lock);
        commit(r, direction);
        kick();
        pthread_mutex_unlock(&lock);
        return 1;
    }
    if (!enter(&r->busy)) {
        r->queue[0]->corrupt = r->queue[1]->corrupt = 1;
        return fail(EINVAL_);
    }
    int code = 0;
    if (count > 1 || (count == 1 && !data) || (count == 0 && data) || (flags & ~15u)) code = EINVAL_;
    request *q = calloc(1, sizeof *q);
    pthread_mutex_lock(&lock);
    sim_riobuf *pieces[5] = {count ? data : NULL, local, remote, control, flags_piece};
    for (int i = 0; i < 5 && !code; i++) if (pieces[i]) q->used[i] = check(pieces[i], &code);
    if (!code && r->outstanding[direction] >= r->max[direction]) code = ENOBUFS_;
    if (!code) {
        q->direction = direction;
        q->context = context;
        q->flags = flags;
        if (count) {
            q->data = q->used[0]->base + data->offset;
            q->length = data->length;
        }
        if (remote) {
            q->address = q->used[2]->base + remote->offset;
            q->address_length = remote->length;
        }
        for (rq *other = queues; other; other = other->next) {
            if (other->magic != RQ_MAGIC) continue;
            for (int d = 0; d < 2; d++) for (request *p = other->pending[d]; p; p = p->next) {
                require(!overlaps(q->data, q->length, p->data, p->length),
                    "a request with memory that another request still has");
                require(!overlaps(q->address, q->address_length, p->address, p->address_length),
                    "a request with an address that another request still has");
            }
        }
        for (int i = 0; i < 5; i++) if (q->used[i]) q->used[i]->used++;
        r->outstanding[direction]++;
        q->deferred = (flags & DEFER) && (int)roll(100) < defer_percent;
        request **last = &r->pending[direction];
        while (*last) last = &(*last)->next;
        *last = q;
        if (!(flags & DEFER)) commit(r, direction);
        kick();
    } else {
        free(q);
    }
    pthread_mutex_unlock(&lock);
    leave(&r->busy);
    return code ? fail(code) : 1;
}

static int receive(void *id, sim_riobuf *data, uint32_t count, uint32_t flags, uint64_t context) {
    return submit(0, id, data, count, NULL, NULL, NULL, NULL, flags, context);
}

static int send_(void *id, sim_riobuf *data, uint32_t count, uint32_t flags, uint64_t context) {
    return submit(1, id, data, count, NULL, NULL, NULL, NULL, flags, context);
}

static int receive_ex(void *id, sim_riobuf *data, uint32_t count, sim_riobuf *local, sim_riobuf *remote,
                      sim_riobuf *control, sim_riobuf *flags_piece, uint32_t flags, uint64_t context) {
    return submit(0, id, data, count, local, remote, control, flags_piece, flags, context);
}

static int send_ex(void *id, sim_riobuf *data, uint32_t count, sim_riobuf *local, sim_riobuf *remote,
                   sim_riobuf *control, sim_riobuf *flags_piece, uint32_t flags, uint64_t context) {
    return submit(1, id, data, count, local, remote, control, flags_piece, flags, context);
}

static uint32_t dequeue(void *id, sim_rioresult *to, uint32_t most) {
    cq *q = id;
    require(q && q->magic == CQ_MAGIC, "RIODequeueCompletion of a completion queue that is none, or is closed");
    if (!enter(&q->busy)) {
        q->corrupt = 1;
        return CORRUPT;
    }
    pthread_mutex_lock(&lock);
    uint32_t n = 0;
    while (!q->corrupt && n < most && q->count) {
        rq *r = q->owners[q->head];
        to[n++] = q->results[q->head];
        r->outstanding[q->directions[q->head]]--;
        q->head = (q->head + 1) % q->size;
        q->count--;
        release(r);
    }
    int corrupt = q->corrupt;
    pthread_mutex_unlock(&lock);
    leave(&q->busy);
    return corrupt ? CORRUPT : n;
}

static int32_t notify(void *id) {
    cq *q = id;
    int answer = 0;
    pthread_mutex_lock(&lock);
    require(q && q->magic == CQ_MAGIC, "RIONotify of a completion queue that is none, or is closed");
    if (!q->notify) {
        answer = EINVAL_;
    } else if (q->armed) {
        answer = EALREADY_;
    } else {
        if (q->notify == 1 && q->how.u.event.reset) net_reset_event(q->how.u.event.event);
        q->armed = 1;
        if (q->count) fire(q);
    }
    pthread_mutex_unlock(&lock);
    return answer;
}

static int resize_cq(void *id, uint32_t size) {
    cq *q = id;
    pthread_mutex_lock(&lock);
    require(q && q->magic == CQ_MAGIC, "RIOResizeCompletionQueue of what is none, or is closed");
    int code = !size || size > 0x8000000u ? EINVAL_ : size < q->reserved || size < q->count ? ETOOMANYREFS_ : 0;
    if (!code) {
        sim_rioresult *results = calloc(size, sizeof *results);
        rq **owners = calloc(size, sizeof *owners);
        unsigned char *directions = calloc(size, 1);
        for (uint32_t i = 0; i < q->count; i++) {
            uint32_t at = (q->head + i) % q->size;
            results[i] = q->results[at];
            owners[i] = q->owners[at];
            directions[i] = q->directions[at];
        }
        free(q->results);
        free(q->owners);
        free(q->directions);
        q->results = results;
        q->owners = owners;
        q->directions = directions;
        q->head = 0;
        q->size = size;
    }
    pthread_mutex_unlock(&lock);
    return code ? fail(code) : 1;
}

static int resize_rq(void *id, uint32_t receives, uint32_t sends) {
    rq *r = id;
    pthread_mutex_lock(&lock);
    require(r && r->magic == RQ_MAGIC && !r->closed, "RIOResizeRequestQueue of what is none, or is closed");
    cq *in = r->queue[0], *out = r->queue[1];
    int code = !receives && !sends ? EINVAL_
        : receives < r->outstanding[0] || sends < r->outstanding[1] ? ETOOMANYREFS_ : 0;
    if (!code) {
        int64_t more_in = (int64_t)receives - r->max[0], more_out = (int64_t)sends - r->max[1];
        if ((int64_t)in->reserved + more_in + (in == out ? more_out : 0) > in->size
            || (int64_t)out->reserved + more_out + (in == out ? more_in : 0) > out->size) {
            code = ENOBUFS_;
        } else {
            in->reserved += (uint32_t)more_in;
            out->reserved += (uint32_t)more_out;
            r->max[0] = receives;
            r->max[1] = sends;
        }
    }
    pthread_mutex_unlock(&lock);
    return code ? fail(code) : 1;
}

int rio_table(const void *guid, uint32_t guid_length, void *out, uint32_t out_length) {
    static const unsigned char rio[16] = {
        0x81, 0xe0, 0x09, 0x85, 0xdd, 0x96, 0x05, 0x40, 0xb1, 0x65, 0x9e, 0x2e, 0xe8, 0xc7, 0x9e, 0x3f};
    if (guid_length != 16 || memcmp(guid, rio, 16) || out_length < sizeof(sim_riotable)) return 0;
    sim_riotable table = {sizeof table,
        {receive, receive_ex, send_, send_ex, close_cq, create_cq, create_rq, dequeue, deregister_buffer, notify,
         register_buffer, resize_cq, resize_rq}};
    memcpy(out, &table, sizeof table);
    return 1;
}

/* ------------------------------------------------------------------ in front of ws2_32 */
#ifdef _WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>

static SOCKET waker = INVALID_SOCKET;
static struct sockaddr_in waker_address;

static void rio_socket_shut(net_socket s) {
    pthread_mutex_lock(&lock);
    known *k = find(s);
    if (k) k->shut = 1;
    pthread_mutex_unlock(&lock);
}

/* With the lock held. */
static int rio_socket_is_shut(net_socket s) {
    known *k = find(s);
    return k && k->shut;
}

void net_last_error(int code) {
    WSASetLastError(code);
}

void net_fatal(const char *what) {
    fprintf(stderr, "simulated Registered I/O: %s\n", what);
    fflush(stderr);
    abort();
}

static void make_waker(void) {
    int length = sizeof waker_address;
    u_long one = 1;
    waker = socket(AF_INET, SOCK_DGRAM, 0);
    waker_address.sin_family = AF_INET;
    waker_address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(waker, (struct sockaddr *)&waker_address, sizeof waker_address);
    getsockname(waker, (struct sockaddr *)&waker_address, &length);
    ioctlsocket(waker, FIONBIO, &one);
}

int net_prepare(net_socket s) {
    u_long one = 1;
    int type = 0, length = sizeof type;
    if (waker == INVALID_SOCKET) make_waker();
    ioctlsocket((SOCKET)s, FIONBIO, &one);
    getsockopt((SOCKET)s, SOL_SOCKET, SO_TYPE, (char *)&type, &length);
    return type == SOCK_STREAM;
}

int net_receive(net_socket s, void *to, uint32_t length, void *address, uint32_t address_room, int *truncated) {
    int room = (int)address_room;
    int n = recvfrom((SOCKET)s, to, (int)length, 0, address, address ? &room : NULL);
    if (n == SOCKET_ERROR && WSAGetLastError() == WSAEMSGSIZE) {
        *truncated = 1;
        return (int)length;
    }
    if (n == 0 && length && !address) { /* Wine's poll may have taken the error of a reset away already */
        int error = 0, error_length = sizeof error;
        if (!getsockopt((SOCKET)s, SOL_SOCKET, SO_ERROR, (char *)&error, &error_length) && error) return -error;
        /* whoever has not shut it down can send at the end of what he receives, and cannot after a reset */
        if (!rio_socket_is_shut(s) && send((SOCKET)s, "", 0, 0) == SOCKET_ERROR && WSAGetLastError() != WSAEWOULDBLOCK) {
            return -WSAECONNRESET;
        }
    }
    return n == SOCKET_ERROR ? -WSAGetLastError() : n;
}

int net_send(net_socket s, const void *from, uint32_t length, const void *address, uint32_t address_length) {
    const struct sockaddr *to = address;
    int exact = to && to->sa_family == AF_INET ? 16 : (int)address_length;
    int n = sendto((SOCKET)s, from, (int)length, 0, to, to ? exact : 0);
    return n == SOCKET_ERROR ? -WSAGetLastError() : n;
}

int net_wait(net_socket *s, unsigned char *wants, int count, int milliseconds) {
    static WSAPOLLFD polled[MOST_QUEUES + 1];
    char drop[16];
    for (int i = 0; i < count; i++) {
        polled[i].fd = (SOCKET)s[i];
        polled[i].events = (short)((wants[i] & 1 ? POLLRDNORM : 0) | (wants[i] & 2 ? POLLWRNORM : 0));
    }
    polled[count].fd = waker;
    polled[count].events = POLLRDNORM;
    int any = WSAPoll(polled, (ULONG)count + 1, milliseconds);
    for (int i = 0; i < count; i++) {
        short seen = any > 0 ? polled[i].revents : 0;
        int ends = seen & (POLLERR | POLLHUP | POLLNVAL);
        wants[i] = (unsigned char)((seen & POLLRDNORM || ends ? 1 : 0) | (seen & POLLWRNORM || ends ? 2 : 0));
    }
    while (any > 0 && polled[count].revents && recv(waker, drop, sizeof drop, 0) > 0) {
    }
    return any > 0;
}

void net_wake(void) {
    sendto(waker, "", 1, 0, (struct sockaddr *)&waker_address, sizeof waker_address);
}

void net_set_event(net_handle event) {
    SetEvent((HANDLE)event);
}

void net_reset_event(net_handle event) {
    ResetEvent((HANDLE)event);
}

void net_post(net_handle port, uint64_t key, sim_overlapped *overlapped) {
    PostQueuedCompletionStatus((HANDLE)port, 0, key, (OVERLAPPED *)overlapped);
}

/* Exported without the prefix by simrio.def. */
int WSAAPI sim_WSAIoctl(SOCKET s, DWORD code, void *in, DWORD in_length, void *out, DWORD out_length, DWORD *bytes,
                        WSAOVERLAPPED *overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine) {
    if (code == 0xC8000024u && rio_table(in, in_length, out, out_length)) {
        *bytes = sizeof(sim_riotable);
        return 0;
    }
    return WSAIoctl(s, code, in, in_length, out, out_length, bytes, overlapped, routine);
}

SOCKET WSAAPI sim_WSASocketW(int af, int type, int protocol, WSAPROTOCOL_INFOW *info, GROUP group, DWORD flags) {
    SOCKET s = WSASocketW(af, type, protocol, info, group, flags);
    if (s != INVALID_SOCKET) rio_socket_made(s, flags);
    return s;
}

int WSAAPI sim_closesocket(SOCKET s) {
    rio_socket_closed(s);
    return closesocket(s);
}

int WSAAPI sim_shutdown(SOCKET s, int how) {
    if (how != 0) rio_socket_shut(s);
    return shutdown(s, how);
}

int WSAAPI sim_setsockopt(SOCKET s, int level, int name, const char *value, int length) {
    int answer = setsockopt(s, level, name, value, length);
    if (!answer && level == 0xFFFF && name == 0x700B && length == sizeof(SOCKET)) {
        rio_socket_accepted(s, *(const SOCKET *)value);
    }
    return answer;
}
#endif
