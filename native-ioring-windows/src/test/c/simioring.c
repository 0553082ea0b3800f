/*
 * The I/O ring of Windows, simulated so that wrong code fails. What it knows of the real one is what Microsoft documents and
 * what others measured. One thread for each ring runs what was submitted, in a random order, on real files.
 *
 * Contracts of calling:
 *   PE, by value: as ioringapi.h says, the compiler passes references as Windows on x64 does, by the address of a copy.
 *   ELF, by address: the same at the machine's level, so that the binding for x64 can be tried on Linux.
 *   SIM_FLATTENED: references in two registers each, as on arm64. ELF: structures by value. PE: two words.
 * Where a copy comes by address it must be aligned, and is overwritten, as the callee may.
 *
 * Misuse that would crash a process or damage a ring ends in abort(): a call on a closed ring, two threads that build.
 */
#define _GNU_SOURCE
#include "simwin32.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- threads ---- */

#ifdef _WIN32
static SRWLOCK lock = SRWLOCK_INIT;
static CONDITION_VARIABLE changed = CONDITION_VARIABLE_INIT;
static void enter(void) { AcquireSRWLockExclusive(&lock); }
static void leave(void) { ReleaseSRWLockExclusive(&lock); }
static void tell(void) { WakeAllConditionVariable(&changed); }
static void pause_for(DWORD ms) { SleepConditionVariableSRW(&changed, &lock, ms, 0); }
static uint64_t now(void) { return GetTickCount64(); }
#define THREAD DWORD WINAPI
static void start_thread(DWORD(WINAPI *body)(void *), void *argument) {
    CloseHandle(CreateThread(NULL, 0, body, argument, 0, NULL));
}
#else
#include <pthread.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static void enter(void) { pthread_mutex_lock(&lock); }
static void leave(void) { pthread_mutex_unlock(&lock); }
static void tell(void) { pthread_cond_broadcast(&changed); }
static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}
static void pause_for(DWORD ms) {
    if (ms == INFINITE) {
        pthread_cond_wait(&changed, &lock);
        return;
    }
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    t.tv_sec += ms / 1000;
    t.tv_nsec += (long)(ms % 1000) * 1000000L;
    if (t.tv_nsec >= 1000000000L) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000L;
    }
    pthread_cond_timedwait(&changed, &lock, &t);
}
#define THREAD void *
static void start_thread(void *(*body)(void *), void *argument) {
    pthread_t thread;
    pthread_create(&thread, NULL, body, argument);
    pthread_detach(thread);
}
#endif

/* ---- structures and constants of ntioring_x.h ---- */

struct create_flags { int32_t required, advisory; };
struct ring_info { int32_t version; struct create_flags flags; uint32_t sq, cq; };
struct capabilities { int32_t max_version; uint32_t max_sq, max_cq; int32_t features; };
/* IORING_HANDLE_REF and IORING_BUFFER_REF: an index is the lower half of the value, an offset the upper one. */
struct ref { int32_t kind; uint64_t value; };
struct buffer_info { void *address; uint32_t length; };
struct cqe { uint64_t user_data; int32_t result; uint64_t information; };

_Static_assert(sizeof(struct create_flags) == 8 && sizeof(struct ring_info) == 20, "flags, info");
_Static_assert(sizeof(struct capabilities) == 16 && sizeof(struct ref) == 16, "capabilities, reference");
_Static_assert(sizeof(struct buffer_info) == 16 && sizeof(struct cqe) == 24, "buffer info, completion");

enum { NOP, READ, REGISTER_FILES, REGISTER_BUFFERS, CANCEL, WRITE, FLUSH, READ_SCATTER, WRITE_GATHER, OPS };

#define RING_ERROR(n) ((HRESULT)(0x80460000u | (n)))
#define WIN32_ERROR(n) ((HRESULT)(0x80070000u | (uint32_t)(n)))
#define SIM_OK 0
#define SIM_FALSE 1
#define SIM_INVALID_ARGUMENT WIN32_ERROR(87)
#define SIM_INVALID_HANDLE WIN32_ERROR(6)
#define SIM_ABORT ((HRESULT)0x80004004u)
#define SIM_NOT_SUPPORTED ((HRESULT)0x80004021u)
#define SIM_NOT_IMPLEMENTED ((HRESULT)0x80004001u)
#define REQUIRED_FLAG_NOT_SUPPORTED RING_ERROR(1)
#define SUBMISSION_QUEUE_FULL RING_ERROR(2)
#define VERSION_NOT_SUPPORTED RING_ERROR(3)
#define SUBMISSION_QUEUE_TOO_BIG RING_ERROR(4)
#define COMPLETION_QUEUE_TOO_BIG RING_ERROR(5)
#define SUBMIT_IN_PROGRESS RING_ERROR(6)
#define COMPLETION_QUEUE_TOO_FULL RING_ERROR(8)
#define REF_RAW 0
#define REF_REGISTERED 1
#define DRAIN 1
#define SKIP_CHECKS 1
#define WAIT_ALL 0xFFFFFFFFu
#define WRITE_THROUGH 1
#define PAGE 4096u
#define GARBAGE 0xA5A5A5A5u

/* ---- what the tests set ---- */

enum { MAX_VERSION, FEATURES, HOLD, FAIL_PERCENT, SHORT_PERCENT, PEND_PERCENT, FAIL_SUBMIT, FAIL_QUERY, FAIL_NEXT, MAX_SQ, MAX_CQ, FAIL_REGISTER, SETTINGS };
static int64_t settings[SETTINGS] = {400, 2, 0, 0, 0, 0, 0, 0, 0, 0x10000, 0x20000};
/* What the tests count: transfers of a registered buffer, operations on a registered file, registrations of files. */
enum { BY_BUFFER, BY_FILE, FILE_REGISTRATIONS, COUNTS };
static int32_t counts[COUNTS];
static uint64_t random_state = 88172645463325252u;

static uint64_t random_number(uint64_t below) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (random_state >> 11) % below;
}

static int chance(int64_t percent) {
    return percent > 0 && (int64_t)random_number(100) < percent;
}

/* ---- rings ---- */

struct file {
    uintptr_t handle; /* as the program knows it; 0 for none */
#ifdef _WIN32
    HANDLE object;
#else
    struct sim_object *object;
#endif
};

struct op {
    int code;
    int flags;
    int mode; /* write flags or flush mode */
    struct ref file, data;
    uint32_t bytes, count;
    uint64_t offset, user_data, target, sequence;
    void *array;
    uintptr_t *handles;  /* copied when built */
    struct file resolved; /* of a raw reference, from the submission on */
    HRESULT broken;      /* completes with it: a check that the builder was told to skip */
    int running;
};

#define OPEN 0x52696E67u
#define CLOSED 0xDEADu

struct ring {
    uint32_t magic;
    struct ring_info info;
    struct op *queue;
    uint32_t queued;
    struct op **flight; /* in the order of submission */
    uint32_t in_flight;
    struct cqe *completions;
    uint32_t head, tail;
    uint64_t sequence, completed;
    int inside; /* a thread builds or submits */
    struct file *files;
    uint32_t file_count;
    struct buffer_info *buffers;
    uint32_t buffer_count;
#ifdef _WIN32
    HANDLE event;
#else
    struct sim_object *event;
#endif
    struct ring *next;
};

static struct ring *rings;
static int open_rings;

static void violation(const char *function, const char *what) {
    fprintf(stderr, "simulated IoRing: %s: %s\n", function, what);
    fflush(stderr);
    abort();
}

static void check(const struct ring *ring, const char *function) {
    if (ring == NULL || ring->magic != OPEN) {
        leave();
        violation(function, "the ring is closed");
    }
}

/* ---- the platform's files ---- */

#ifdef _WIN32
static HRESULT acquire_file(uintptr_t handle, struct file *file) {
    HANDLE self = GetCurrentProcess();
    file->handle = handle;
    if (!DuplicateHandle(self, (HANDLE)handle, self, &file->object, 0, FALSE, DUPLICATE_SAME_ACCESS)) {
        file->handle = 0;
        return SIM_INVALID_HANDLE;
    }
    return SIM_OK;
}

static void release_file(struct file *file) {
    if (file->handle != 0) {
        CloseHandle(file->object);
        file->handle = 0;
    }
}

typedef LONG(WINAPI *query_function)(HANDLE, void *, void *, ULONG, int);

static int is_unbuffered(const struct file *file) {
    static query_function query;
    struct { ULONG_PTR status, information; } status;
    ULONG mode = 0;
    if (query == NULL) {
        query = (query_function)(void *)GetProcAddress(GetModuleHandleA("ntdll"), "NtQueryInformationFile");
    }
    /* FileModeInformation, FILE_NO_INTERMEDIATE_BUFFERING */
    return query(file->object, &status, &mode, sizeof mode, 16) >= 0 && (mode & 8) != 0;
}

static HRESULT transfer(const struct file *file, int write, void *memory, uint32_t bytes, uint64_t offset, uint64_t *done) {
    static __thread HANDLE event; /* of the ring's thread, which ends with the process at the latest */
    OVERLAPPED request;
    memset(&request, 0, sizeof request);
    request.Offset = (DWORD)offset;
    request.OffsetHigh = (DWORD)(offset >> 32);
    event = event != NULL ? event : CreateEventW(NULL, TRUE, FALSE, NULL);
    request.hEvent = event;
    DWORD count = 0;
    BOOL started = write ? WriteFile(file->object, memory, bytes, NULL, &request)
                         : ReadFile(file->object, memory, bytes, NULL, &request);
    DWORD error = started ? 0 : GetLastError();
    if (error == 0 || error == ERROR_IO_PENDING) {
        error = GetOverlappedResult(file->object, &request, &count, TRUE) ? 0 : GetLastError();
    }
    *done = count;
    return error == 0 ? SIM_OK : WIN32_ERROR(error);
}

static HRESULT flush(const struct file *file) {
    return FlushFileBuffers(file->object) ? SIM_OK : WIN32_ERROR(GetLastError());
}

static int copy_from(void *target, const void *source, size_t size) {
    SIZE_T copied = 0;
    return ReadProcessMemory(GetCurrentProcess(), source, target, size, &copied) && copied == size;
}

static HRESULT take_event(struct ring *ring, HANDLE event) {
    HANDLE duplicate = NULL;
    HANDLE self = GetCurrentProcess();
    if (event != NULL
        && (event == INVALID_HANDLE_VALUE
            || !DuplicateHandle(self, event, self, &duplicate, 0, FALSE, DUPLICATE_SAME_ACCESS))) {
        return SIM_INVALID_HANDLE;
    }
    if (ring->event != NULL) {
        CloseHandle(ring->event);
    }
    ring->event = duplicate;
    return SIM_OK;
}

static void set_event(struct ring *ring) {
    SetEvent(ring->event);
}
#else
static HRESULT acquire_file(uintptr_t handle, struct file *file) {
    file->object = sim_acquire((HANDLE)handle, SIM_FILE);
    file->handle = file->object != NULL ? handle : 0;
    return file->object != NULL ? SIM_OK : SIM_INVALID_HANDLE;
}

static void release_file(struct file *file) {
    if (file->handle != 0) {
        sim_release(file->object);
        file->handle = 0;
    }
}

static int is_unbuffered(const struct file *file) {
    return (file->object->flags & FILE_FLAG_NO_BUFFERING) != 0;
}

static HRESULT transfer(const struct file *file, int write, void *memory, uint32_t bytes, uint64_t offset, uint64_t *done) {
    if ((file->object->access & (write ? GENERIC_WRITE : GENERIC_READ)) == 0) {
        return WIN32_ERROR(ERROR_ACCESS_DENIED);
    }
    ssize_t count = write ? pwrite(file->object->fd, memory, bytes, (off_t)offset)
                          : pread(file->object->fd, memory, bytes, (off_t)offset);
    if (count < 0) {
        return WIN32_ERROR(sim_error(errno));
    }
    *done = (uint64_t)count;
    return !write && count == 0 && bytes > 0 ? WIN32_ERROR(ERROR_HANDLE_EOF) : SIM_OK;
}

static HRESULT flush(const struct file *file) {
    return fsync(file->object->fd) == 0 ? SIM_OK : WIN32_ERROR(sim_error(errno));
}

static int copy_from(void *target, const void *source, size_t size) {
    struct iovec to = {target, size};
    struct iovec from = {(void *)source, size};
    ssize_t copied = process_vm_readv(getpid(), &to, 1, &from, 1, 0);
    if (copied < 0 && (errno == ENOSYS || errno == EPERM)) {
        memcpy(target, source, size);
        return 1;
    }
    return copied == (ssize_t)size;
}

static HRESULT take_event(struct ring *ring, HANDLE event) {
    struct sim_object *object = NULL;
    if (event != NULL && (object = sim_acquire(event, SIM_EVENT)) == NULL) {
        return SIM_INVALID_HANDLE;
    }
    if (ring->event != NULL) {
        sim_release(ring->event);
    }
    ring->event = object;
    return SIM_OK;
}

static void set_event(struct ring *ring) {
    sim_signal(ring->event);
}
#endif

/* ---- running ---- */

static void remove_op(struct ring *ring, struct op *op) {
    uint32_t i = 0;
    while (ring->flight[i] != op) {
        i++;
    }
    memmove(&ring->flight[i], &ring->flight[i + 1], (ring->in_flight - i - 1) * sizeof *ring->flight);
    ring->in_flight--;
    release_file(&op->resolved);
    free(op->handles);
    free(op);
}

static void complete(struct ring *ring, struct op *op, HRESULT result, uint64_t information) {
    if (ring->magic == OPEN) {
        int was_empty = ring->head == ring->tail;
        struct cqe *cqe = &ring->completions[ring->tail++ % ring->info.cq];
        cqe->user_data = op->user_data;
        cqe->result = result;
        cqe->information = information;
        ring->completed++;
        /* Only this edge sets the event, and version 1 may lose it. */
        if (was_empty && ring->event != NULL && !(ring->info.version == 1 && chance(25))) {
            set_event(ring);
        }
    }
    remove_op(ring, op);
    tell();
}

static int is_registration(const struct op *op) {
    return op->code == REGISTER_FILES || op->code == REGISTER_BUFFERS;
}

static int may_run(const struct ring *ring, const struct op *op) {
    if (op->running || (settings[HOLD] & (INT64_C(1) << op->code)) != 0) {
        return 0;
    }
    /* What comes earlier: a registration holds back all that follows, a drain waits for all before. */
    for (uint32_t i = 0; ring->flight[i] != op; i++) {
        if ((op->flags & DRAIN) != 0 || is_registration(ring->flight[i])) {
            return 0;
        }
    }
    return 1;
}

static HRESULT register_files(struct ring *ring, struct op *op) {
    counts[FILE_REGISTRATIONS]++;
    if (settings[FAIL_REGISTER] != 0) {
        HRESULT wanted = (HRESULT)settings[FAIL_REGISTER];
        settings[FAIL_REGISTER] = 0;
        return wanted;
    }
    if (op->count == 0) {
        return SIM_INVALID_ARGUMENT;
    }
    struct file *files = calloc(op->count, sizeof *files);
    for (uint32_t i = 0; i < op->count; i++) {
        if ((HANDLE)op->handles[i] != INVALID_HANDLE_VALUE && acquire_file(op->handles[i], &files[i]) != SIM_OK) {
            while (i > 0) {
                release_file(&files[--i]);
            }
            free(files);
            return SIM_INVALID_HANDLE;
        }
    }
    for (uint32_t i = 0; i < ring->file_count; i++) {
        release_file(&ring->files[i]);
    }
    free(ring->files);
    ring->files = files;
    ring->file_count = op->count;
    return SIM_OK;
}

static HRESULT register_buffers(struct ring *ring, struct op *op) {
    if (op->count == 0) {
        return SIM_INVALID_ARGUMENT;
    }
    struct buffer_info *buffers = calloc(op->count, sizeof *buffers);
    /* The array is read only now: a caller that freed it after building fails here. */
    if (!copy_from(buffers, op->array, op->count * sizeof *buffers)) {
        free(buffers);
        return WIN32_ERROR(ERROR_NOACCESS);
    }
    for (uint32_t i = 0; i < op->count; i++) {
        char byte;
        HRESULT result = (buffers[i].address == NULL) != (buffers[i].length == 0) ? SIM_INVALID_ARGUMENT
                : buffers[i].length != 0
                        && (!copy_from(&byte, buffers[i].address, 1)
                            || !copy_from(&byte, (char *)buffers[i].address + buffers[i].length - 1, 1))
                    ? WIN32_ERROR(ERROR_NOACCESS)
                    : SIM_OK;
        if (result != SIM_OK) {
            free(buffers);
            return result;
        }
    }
    free(ring->buffers);
    ring->buffers = buffers;
    ring->buffer_count = op->count;
    return SIM_OK;
}

/* The file that a reference means now, or NULL. */
static struct file *file_of(struct ring *ring, struct op *op) {
    if (op->file.kind == REF_RAW) {
        return op->resolved.handle != 0 ? &op->resolved : NULL;
    }
    uint32_t index = (uint32_t)op->file.value;
    return index < ring->file_count && ring->files[index].handle != 0 ? &ring->files[index] : NULL;
}

/* Ends operations of a file; of one ring with a target, of all rings without. How many there were. */
static int cancel(struct ring *only, uintptr_t handle, uint64_t target, const struct op *request) {
    int found = 0;
    for (struct ring *ring = rings; ring != NULL; ring = ring->next) {
        if (target != 0 && ring != only) {
            continue;
        }
        for (uint32_t i = 0; i < ring->in_flight;) {
            struct op *op = ring->flight[i];
            struct file *file = op != request && !op->running && op->code != CANCEL && !is_registration(op)
                    ? file_of(ring, op) : NULL;
            if (file != NULL && file->handle == handle && (target == 0 || op->user_data == target)) {
                complete(ring, op, chance(50) ? SIM_ABORT : WIN32_ERROR(ERROR_OPERATION_ABORTED), 0);
                found++;
            } else {
                i++;
            }
        }
    }
    return found;
}

static HRESULT memory_of(struct ring *ring, const struct op *op, char **memory) {
    if (op->data.kind == REF_RAW) {
        *memory = (char *)(uintptr_t)op->data.value;
        return SIM_OK;
    }
    uint32_t index = (uint32_t)op->data.value;
    uint64_t offset = op->data.value >> 32;
    if (index >= ring->buffer_count || offset + op->bytes > ring->buffers[index].length) {
        return SIM_INVALID_ARGUMENT;
    }
    *memory = (char *)ring->buffers[index].address + offset;
    return SIM_OK;
}

static HRESULT transfer_pages(const struct file *file, const struct op *op, uint64_t *done) {
    int write = op->code == WRITE_GATHER;
    uint64_t *pages = calloc(op->count + 1, sizeof *pages);
    HRESULT result = SIM_OK;
    if (!copy_from(pages, op->array, (op->count + 1) * sizeof *pages)) {
        result = WIN32_ERROR(ERROR_NOACCESS);
    } else if (!is_unbuffered(file) || op->bytes > (uint64_t)op->count * PAGE || (!write && pages[op->count] != 0)) {
        result = SIM_INVALID_ARGUMENT;
    }
    for (uint32_t i = 0; i < op->count && result == SIM_OK; i++) {
        result = pages[i] == 0 || pages[i] % PAGE != 0 ? SIM_INVALID_ARGUMENT : SIM_OK;
    }
    *done = 0;
    for (uint32_t i = 0; i < op->count && *done < op->bytes && result == SIM_OK; i++) {
        uint64_t count = 0;
        uint32_t bytes = op->bytes - *done < PAGE ? (uint32_t)(op->bytes - *done) : PAGE;
        result = transfer(file, write, (void *)(uintptr_t)pages[i], bytes, op->offset + *done, &count);
        *done += count;
        if (result == WIN32_ERROR(ERROR_HANDLE_EOF) && *done > 0) {
            result = SIM_OK;
            break;
        }
        if (count < bytes) {
            break;
        }
    }
    free(pages);
    return result;
}

/* What reads, writes and flushes do; called without the lock. */
static HRESULT run_io(const struct file *file, struct op *op, char *memory, uint64_t *done) {
    switch (op->code) {
        case READ:
            return transfer(file, 0, memory, op->bytes, op->offset, done);
        case WRITE:
        case WRITE_GATHER:
            if ((op->mode & WRITE_THROUGH) != 0 && !is_unbuffered(file)) {
                return WIN32_ERROR(509);
            }
            return op->code == WRITE ? transfer(file, 1, memory, op->bytes, op->offset, done)
                                     : transfer_pages(file, op, done);
        case READ_SCATTER:
            return transfer_pages(file, op, done);
        default:
            return flush(file);
    }
}

static void run(struct ring *ring, struct op *op) {
    HRESULT result = op->broken;
    uint64_t done = 0;
    if (result != SIM_OK) {
        complete(ring, op, result, 0);
        return;
    }
    if (is_registration(op)) {
        complete(ring, op, op->code == REGISTER_FILES ? register_files(ring, op) : register_buffers(ring, op), 0);
        return;
    }
    struct file *file = file_of(ring, op);
    if (file == NULL) {
        complete(ring, op, SIM_INVALID_HANDLE, 0);
        return;
    }
    if (op->code == CANCEL) {
        int found = cancel(ring, file->handle, op->target, op);
        complete(ring, op, found > 0 ? SIM_OK : WIN32_ERROR(ERROR_NOT_FOUND), 0);
        return;
    }
    char *memory = NULL;
    counts[BY_FILE] += op->file.kind == REF_REGISTERED;
    counts[BY_BUFFER] += (op->code == READ || op->code == WRITE) && op->data.kind == REF_REGISTERED;
    if (op->code == READ || op->code == WRITE) {
        result = memory_of(ring, op, &memory);
    }
    if (result == SIM_OK && settings[FAIL_NEXT] != 0) {
        result = (HRESULT)settings[FAIL_NEXT];
        settings[FAIL_NEXT] = 0;
    } else if (result == SIM_OK && chance(settings[FAIL_PERCENT])) {
        result = WIN32_ERROR(1117);
    }
    if (result == SIM_OK) {
        if ((op->code == READ || op->code == WRITE) && op->bytes > 1 && chance(settings[SHORT_PERCENT])) {
            op->bytes = 1 + (uint32_t)random_number(op->bytes - 1);
        }
        struct file used = *file;
        /* The operation has its file until its end; the table may be replaced meanwhile. */
        HRESULT acquired = op->file.kind == REF_REGISTERED ? acquire_file(file->handle, &used) : SIM_FALSE;
        if (acquired < 0) {
            /* The program closed its handle, but the ring still has the file. */
            used = *file;
        }
        op->running = 1;
        leave();
        result = run_io(&used, op, memory, &done);
        enter();
        if (acquired == SIM_OK) {
            release_file(&used);
        }
    }
    complete(ring, op, result, result == SIM_OK ? done : 0);
}

static void dispose(struct ring *ring) {
    for (uint32_t i = 0; i < ring->file_count; i++) {
        release_file(&ring->files[i]);
    }
    take_event(ring, NULL);
    free(ring->files);
    free(ring->buffers);
    free(ring->flight);
    free(ring->completions);
    free(ring->queue);
    for (struct ring **at = &rings; *at != NULL; at = &(*at)->next) {
        if (*at == ring) {
            *at = ring->next;
            break;
        }
    }
    /* The ring itself stays, so that a call on it is known as such. */
}

static THREAD work(void *argument) {
    struct ring *ring = argument;
    enter();
    while (ring->magic == OPEN || ring->in_flight > 0) {
        uint32_t candidates = 0;
        struct op *chosen = NULL;
        for (uint32_t i = 0; i < ring->in_flight; i++) {
            if (may_run(ring, ring->flight[i]) && random_number(++candidates) == 0) {
                chosen = ring->flight[i];
            }
        }
        if (chosen == NULL) {
            pause_for(INFINITE);
        } else if (chance(settings[PEND_PERCENT])) {
            pause_for(1);
        } else {
            run(ring, chosen);
        }
    }
    dispose(ring);
    leave();
    return 0;
}

/* ---- building ---- */

static void begin(struct ring *ring, const char *function) {
    enter();
    check(ring, function);
    if (ring->inside) {
        leave();
        violation(function, "another thread builds or submits");
    }
}

static HRESULT refuse(HRESULT result) {
    leave();
    return result;
}

static HRESULT add(struct ring *ring, int32_t version, struct op *op) {
    HRESULT wrong = SIM_OK;
    if (ring->info.version < version) {
        return refuse(SIM_NOT_SUPPORTED);
    }
    if (ring->queued == ring->info.sq) {
        return refuse(SUBMISSION_QUEUE_FULL);
    }
    if ((op->file.kind != REF_RAW && op->file.kind != REF_REGISTERED) || (op->data.kind != REF_RAW && op->data.kind != REF_REGISTERED)
        || (op->flags & ~DRAIN) != 0 || ((op->flags & DRAIN) != 0 && ring->info.version < 300)) {
        wrong = SIM_INVALID_ARGUMENT;
    }
    if (wrong != SIM_OK && (ring->info.flags.advisory & SKIP_CHECKS) == 0) {
        return refuse(wrong);
    }
    op->broken = wrong;
    ring->queue[ring->queued++] = *op;
    leave();
    return SIM_OK;
}

#if defined(SIM_FLATTENED) && defined(_WIN32)
#define REF(name) uint64_t name##_kind, uint64_t name##_value
#define TAKE(name) ((struct ref){(int32_t)name##_kind, name##_value})
#elif defined(SIM_FLATTENED)
#define REF(name) struct ref name
#define TAKE(name) (name)
#else
static struct ref take(volatile struct ref *copy) {
    if (((uintptr_t)copy & 15) != 0) {
        violation("BuildIoRing", "a reference is not aligned to 16 bytes");
    }
    struct ref taken = {copy->kind, copy->value};
    copy->kind = (int32_t)GARBAGE;
    copy->value = GARBAGE;
    return taken;
}
#ifdef _WIN32
#define REF(name) struct ref name
#define TAKE(name) take(&name)
#else
#define REF(name) struct ref *name
#define TAKE(name) take(name)
#endif
#endif

SIM_EXPORT HRESULT BuildIoRingReadFile(struct ring *ring, REF(file), REF(data), uint32_t bytes, uint64_t offset,
                                       uint64_t user_data, int32_t flags) {
    begin(ring, "BuildIoRingReadFile");
    struct op op = {.code = READ, .flags = flags, .file = TAKE(file), .data = TAKE(data), .bytes = bytes, .offset = offset,
                    .user_data = user_data};
    return add(ring, 1, &op);
}

SIM_EXPORT HRESULT BuildIoRingWriteFile(struct ring *ring, REF(file), REF(data), uint32_t bytes, uint64_t offset,
                                        int32_t write_flags, uint64_t user_data, int32_t flags) {
    begin(ring, "BuildIoRingWriteFile");
    struct op op = {.code = WRITE, .flags = flags, .mode = write_flags, .file = TAKE(file), .data = TAKE(data),
                    .bytes = bytes, .offset = offset, .user_data = user_data};
    return add(ring, 300, &op);
}

SIM_EXPORT HRESULT BuildIoRingFlushFile(struct ring *ring, REF(file), int32_t mode, uint64_t user_data, int32_t flags) {
    begin(ring, "BuildIoRingFlushFile");
    struct op op = {.code = FLUSH, .flags = flags, .mode = mode, .file = TAKE(file), .user_data = user_data};
    if (mode < 0 || mode > 3) {
        return refuse(SIM_INVALID_ARGUMENT);
    }
    return add(ring, 300, &op);
}

SIM_EXPORT HRESULT BuildIoRingReadFileScatter(struct ring *ring, REF(file), uint32_t count, void *segments, uint32_t bytes,
                                              uint64_t offset, uint64_t user_data, int32_t flags) {
    begin(ring, "BuildIoRingReadFileScatter");
    struct op op = {.code = READ_SCATTER, .flags = flags, .file = TAKE(file), .count = count, .array = segments,
                    .bytes = bytes, .offset = offset, .user_data = user_data};
    return add(ring, 400, &op);
}

SIM_EXPORT HRESULT BuildIoRingWriteFileGather(struct ring *ring, REF(file), uint32_t count, void *segments, uint32_t bytes,
                                              uint64_t offset, int32_t write_flags, uint64_t user_data, int32_t flags) {
    begin(ring, "BuildIoRingWriteFileGather");
    struct op op = {.code = WRITE_GATHER, .flags = flags, .mode = write_flags, .file = TAKE(file), .count = count,
                    .array = segments, .bytes = bytes, .offset = offset, .user_data = user_data};
    return add(ring, 400, &op);
}

SIM_EXPORT HRESULT BuildIoRingCancelRequest(struct ring *ring, REF(file), uint64_t target, uint64_t user_data) {
    begin(ring, "BuildIoRingCancelRequest");
    struct op op = {.code = CANCEL, .file = TAKE(file), .target = target, .user_data = user_data};
    return add(ring, 1, &op);
}

SIM_EXPORT HRESULT BuildIoRingRegisterFileHandles(struct ring *ring, uint32_t count, const uintptr_t *handles,
                                                  uint64_t user_data) {
    begin(ring, "BuildIoRingRegisterFileHandles");
    struct op op = {.code = REGISTER_FILES, .count = count, .user_data = user_data};
    /* This array, unlike that of the buffers, is read here. */
    op.handles = calloc(count + 1, sizeof *op.handles);
    memcpy(op.handles, handles, count * sizeof *handles);
    HRESULT result = add(ring, 1, &op);
    if (result != SIM_OK) {
        free(op.handles);
    }
    return result;
}

SIM_EXPORT HRESULT BuildIoRingRegisterBuffers(struct ring *ring, uint32_t count, void *infos, uint64_t user_data) {
    begin(ring, "BuildIoRingRegisterBuffers");
    struct op op = {.code = REGISTER_BUFFERS, .count = count, .array = infos, .user_data = user_data};
    return add(ring, 1, &op);
}

/* ---- the rest ---- */

SIM_EXPORT HRESULT QueryIoRingCapabilities(struct capabilities *out) {
    enter();
    HRESULT result = (HRESULT)settings[FAIL_QUERY];
    if (result == SIM_OK) {
        out->max_version = (int32_t)settings[MAX_VERSION];
        out->max_sq = (uint32_t)settings[MAX_SQ];
        out->max_cq = (uint32_t)settings[MAX_CQ];
        out->features = (int32_t)settings[FEATURES];
    }
    leave();
    return result;
}

SIM_EXPORT BOOL IsIoRingOpSupported(struct ring *ring, int32_t op) {
    if (ring == NULL) {
        return FALSE;
    }
    enter();
    check(ring, "IsIoRingOpSupported");
    int32_t last = ring->info.version < 300 ? CANCEL : ring->info.version < 400 ? FLUSH : WRITE_GATHER;
    leave();
    return op >= NOP && op <= last;
}

static uint32_t power_of_two(uint32_t size) {
    uint32_t power = 1;
    while (power < size) {
        power <<= 1;
    }
    return power;
}

SIM_EXPORT HRESULT CreateIoRing(int32_t version, struct create_flags flags, uint32_t sq, uint32_t cq, struct ring **out) {
    enter();
    if (flags.required != 0) {
        return refuse(REQUIRED_FLAG_NOT_SUPPORTED);
    }
    if ((version != 1 && version != 2 && version != 300 && version != 400) || version > settings[MAX_VERSION]) {
        return refuse(VERSION_NOT_SUPPORTED);
    }
    if (sq > (uint64_t)settings[MAX_SQ]) {
        return refuse(SUBMISSION_QUEUE_TOO_BIG);
    }
    if (cq > (uint64_t)settings[MAX_CQ]) {
        return refuse(COMPLETION_QUEUE_TOO_BIG);
    }
    struct ring *ring = calloc(1, sizeof *ring);
    ring->magic = OPEN;
    ring->info.version = version;
    ring->info.flags = flags;
    ring->info.sq = power_of_two(sq);
    ring->info.cq = power_of_two(cq < 2 * ring->info.sq ? 2 * ring->info.sq : cq);
    ring->queue = calloc(ring->info.sq, sizeof *ring->queue);
    ring->flight = calloc(ring->info.cq + 1, sizeof *ring->flight);
    ring->completions = calloc(ring->info.cq, sizeof *ring->completions);
    ring->next = rings;
    rings = ring;
    open_rings++;
    *out = ring;
    start_thread(work, ring);
    leave();
    return SIM_OK;
}

SIM_EXPORT HRESULT GetIoRingInfo(struct ring *ring, struct ring_info *out) {
    enter();
    check(ring, "GetIoRingInfo");
    *out = ring->info;
    leave();
    return SIM_OK;
}

SIM_EXPORT HRESULT SetIoRingCompletionEvent(struct ring *ring, HANDLE event) {
    enter();
    check(ring, "SetIoRingCompletionEvent");
    HRESULT result = (settings[FEATURES] & 2) == 0 ? SIM_NOT_IMPLEMENTED : take_event(ring, event);
    leave();
    return result;
}

SIM_EXPORT HRESULT CloseIoRing(struct ring *ring) {
    begin(ring, "CloseIoRing");
    ring->magic = CLOSED;
    for (uint32_t i = 0; i < ring->queued; i++) {
        free(ring->queue[i].handles);
    }
    ring->queued = 0;
    open_rings--;
    tell();
    leave();
    return SIM_OK;
}

SIM_EXPORT HRESULT PopIoRingCompletion(struct ring *ring, struct cqe *out) {
    enter();
    check(ring, "PopIoRingCompletion");
    HRESULT result = SIM_FALSE;
    if (ring->head != ring->tail) {
        *out = ring->completions[ring->head++ % ring->info.cq];
        result = SIM_OK;
    }
    leave();
    return result;
}

static void start_op(struct ring *ring, const struct op *built) {
    struct op *op = malloc(sizeof *op);
    *op = *built;
    op->sequence = ring->sequence++;
    if (op->file.kind == REF_RAW && !is_registration(op)) {
        acquire_file((uintptr_t)op->file.value, &op->resolved);
    }
    ring->flight[ring->in_flight++] = op;
}

SIM_EXPORT HRESULT SubmitIoRing(struct ring *ring, uint32_t wait, uint32_t milliseconds, uint32_t *submitted) {
    enter();
    check(ring, "SubmitIoRing");
    HRESULT result = SIM_OK;
    if (ring->inside) {
        result = SUBMIT_IN_PROGRESS;
    } else if (settings[FAIL_SUBMIT] != 0) {
        result = (HRESULT)settings[FAIL_SUBMIT];
        settings[FAIL_SUBMIT] = 0;
    } else if (ring->in_flight + (ring->tail - ring->head) + ring->queued > ring->info.cq) {
        result = COMPLETION_QUEUE_TOO_FULL;
    } else if (wait != WAIT_ALL && ring->in_flight + ring->queued > 0
               && wait > ring->in_flight + ring->queued + (ring->tail - ring->head)) {
        /* More than can come; what has come since the program last looked is counted in its favour. */
        result = SIM_INVALID_ARGUMENT;
    }
    if (result != SIM_OK) {
        if (submitted != NULL) {
            *submitted = GARBAGE;
        }
        return refuse(result);
    }
    if (submitted != NULL) {
        *submitted = ring->queued;
    }
    for (uint32_t i = 0; i < ring->queued; i++) {
        start_op(ring, &ring->queue[i]);
    }
    ring->queued = 0;
    tell();
    uint64_t end = milliseconds == INFINITE ? UINT64_MAX : now() + milliseconds;
    uint64_t wanted = wait < ring->in_flight ? wait : ring->in_flight;
    uint64_t before = ring->completed;
    ring->inside = 1;
    while (ring->completed - before < wanted && result == SIM_OK) {
        uint64_t time = now();
        if (time >= end) {
            result = WIN32_ERROR(ERROR_TIMEOUT);
        } else {
            pause_for(end == UINT64_MAX ? INFINITE : (DWORD)(end - time));
        }
    }
    ring->inside = 0;
    leave();
    return result;
}

/* ---- for the tests ---- */

SIM_EXPORT void sim_ioring_set(int32_t setting, int64_t value) {
    enter();
    settings[setting] = value;
    tell();
    leave();
}

/* Everything as in the beginning, with another order. What closed rings still held is dropped without being run. */
SIM_EXPORT void sim_ioring_reset(uint64_t seed) {
    enter();
    static const int64_t DEFAULTS[SETTINGS] = {400, 2, 0, 0, 0, 0, 0, 0, 0, 0x10000, 0x20000};
    for (struct ring *ring = rings; ring != NULL; ring = ring->next) {
        for (uint32_t i = 0; ring->magic == CLOSED && i < ring->in_flight;) {
            if (ring->flight[i]->running) {
                i++;
            } else {
                remove_op(ring, ring->flight[i]);
            }
        }
    }
    memcpy(settings, DEFAULTS, sizeof settings);
    random_state = seed * 2862933555777941757u + 3037000493u;
    random_state = random_state != 0 ? random_state : 1;
    tell();
    leave();
}

SIM_EXPORT int32_t sim_ioring_open_rings(void) {
    enter();
    int32_t count = open_rings;
    leave();
    return count;
}

/* One of what is counted, since the process began. */
SIM_EXPORT int32_t sim_ioring_count(int32_t which) {
    enter();
    int32_t count = counts[which];
    leave();
    return count;
}

/* Files in the tables of all rings. */
SIM_EXPORT int32_t sim_ioring_table_files(void) {
    enter();
    int32_t count = 0;
    for (struct ring *ring = rings; ring != NULL; ring = ring->next) {
        for (uint32_t i = 0; i < ring->file_count; i++) {
            count += ring->files[i].handle != 0;
        }
    }
    leave();
    return count;
}

/* Operations in flight of all rings, closed ones too. */
SIM_EXPORT int32_t sim_ioring_in_flight(void) {
    enter();
    int32_t count = 0;
    for (struct ring *ring = rings; ring != NULL; ring = ring->next) {
        count += (int32_t)ring->in_flight;
    }
    leave();
    return count;
}
