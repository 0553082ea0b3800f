/*
 * A few functions of kernel32 on Linux: handles, events, waits, files and pages, as far as the tests of the Windows packages
 * call them. A handle is a multiple of four and the index of a table; a closed one is an error, as on Windows. The last error
 * is errno, which JNR-FFI saves after each call.
 */
#define _GNU_SOURCE
#include "simwin32.h"

#ifndef _WIN32

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define HANDLES 65536
#define NAME_BYTES 4096

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct sim_object *table[HANDLES];
static uint32_t used;
static uint32_t next_index;

/* Sizes of what VirtualAlloc gave out, which VirtualFree is not told. */
struct pages {
    void *address;
    size_t size;
    struct pages *next;
};
static struct pages *reserved;

static void start(void) {
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&changed, &attributes);
    pthread_condattr_destroy(&attributes);
}

static void enter(void) {
    pthread_once(&once, start);
    pthread_mutex_lock(&lock);
}

static void leave(void) {
    pthread_mutex_unlock(&lock);
}

SIM_EXPORT DWORD GetLastError(void) {
    return (DWORD)errno;
}

SIM_EXPORT void SetLastError(DWORD error) {
    errno = (int)error;
}

SIM_EXPORT int sim_error(int number) {
    switch (number) {
        case 0: return ERROR_SUCCESS;
        case ENOENT: return ERROR_FILE_NOT_FOUND;
        case ENOTDIR: return ERROR_PATH_NOT_FOUND;
        case EMFILE: case ENFILE: return ERROR_TOO_MANY_OPEN_FILES;
        case EPERM: case EACCES: case EROFS: case EISDIR: return ERROR_ACCESS_DENIED;
        case EBADF: return ERROR_INVALID_HANDLE;
        case ENOMEM: return ERROR_NOT_ENOUGH_MEMORY;
        case EEXIST: return ERROR_FILE_EXISTS;
        case EINVAL: return ERROR_INVALID_PARAMETER;
        case ENOSPC: case EDQUOT: return ERROR_DISK_FULL;
        case EFAULT: return ERROR_NOACCESS;
        default: return ERROR_GEN_FAILURE;
    }
}

static BOOL fail(int error) {
    errno = error;
    return FALSE;
}

SIM_EXPORT struct sim_object *sim_object(int kind, int fd) {
    struct sim_object *object = calloc(1, sizeof *object);
    object->kind = kind;
    object->fd = fd;
    object->references = 1;
    return object;
}

static HANDLE to_handle(uint32_t index) {
    return (HANDLE)(uintptr_t)((index + 1) * 4);
}

/* The slot of an open handle, or NULL. */
static struct sim_object **slot(HANDLE handle) {
    uintptr_t value = (uintptr_t)handle;
    if (value == 0 || value % 4 != 0 || value / 4 > HANDLES || table[value / 4 - 1] == NULL) {
        return NULL;
    }
    return &table[value / 4 - 1];
}

SIM_EXPORT HANDLE sim_handle(struct sim_object *object) {
    HANDLE handle = NULL;
    enter();
    /* Round robin: a handle that was closed just now is not given out again at once, so that its use is seen. */
    for (uint32_t i = 0; i < HANDLES && handle == NULL; i++) {
        uint32_t index = (next_index + i) % HANDLES;
        if (table[index] == NULL) {
            table[index] = object;
            next_index = index + 1;
            used++;
            handle = to_handle(index);
        }
    }
    leave();
    if (handle == NULL) {
        errno = ERROR_TOO_MANY_OPEN_FILES;
    }
    return handle;
}

SIM_EXPORT struct sim_object *sim_acquire(HANDLE handle, int kind) {
    enter();
    struct sim_object **found = slot(handle);
    struct sim_object *object = found != NULL && (kind == 0 || (*found)->kind == kind) ? *found : NULL;
    if (object != NULL) {
        object->references++;
    }
    leave();
    if (object == NULL) {
        errno = ERROR_INVALID_HANDLE;
    }
    return object;
}

SIM_EXPORT void sim_release(struct sim_object *object) {
    enter();
    int last = --object->references == 0;
    leave();
    if (last) {
        if (object->release != NULL) {
            object->release(object);
        }
        if (object->fd >= 0) {
            close(object->fd);
        }
        free(object);
    }
}

SIM_EXPORT BOOL CloseHandle(HANDLE handle) {
    enter();
    struct sim_object **found = slot(handle);
    struct sim_object *object = NULL;
    if (found != NULL) {
        object = *found;
        *found = NULL;
        used--;
    }
    leave();
    if (object == NULL) {
        return fail(ERROR_INVALID_HANDLE);
    }
    sim_release(object);
    return TRUE;
}

SIM_EXPORT BOOL GetProcessHandleCount(HANDLE process, DWORD *count) {
    (void)process;
    enter();
    *count = used;
    leave();
    return TRUE;
}

/* ---- events and waits ---- */

SIM_EXPORT HANDLE CreateEventW(void *security, BOOL manual_reset, BOOL initial_state, const WCHAR *name) {
    (void)security;
    (void)name;
    struct sim_object *event = sim_object(SIM_EVENT, -1);
    event->manual_reset = manual_reset;
    event->set = initial_state != 0;
    HANDLE handle = sim_handle(event);
    if (handle == NULL) {
        free(event);
    }
    return handle;
}

static BOOL change(HANDLE handle, int set) {
    struct sim_object *event = sim_acquire(handle, SIM_EVENT);
    if (event == NULL) {
        return FALSE;
    }
    enter();
    event->set = set;
    pthread_cond_broadcast(&changed);
    leave();
    sim_release(event);
    return TRUE;
}

SIM_EXPORT BOOL SetEvent(HANDLE event) {
    return change(event, 1);
}

SIM_EXPORT BOOL ResetEvent(HANDLE event) {
    return change(event, 0);
}

SIM_EXPORT void sim_signal(struct sim_object *event) {
    enter();
    event->set = 1;
    pthread_cond_broadcast(&changed);
    leave();
}

static struct timespec after(DWORD milliseconds) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    now.tv_sec += milliseconds / 1000;
    now.tv_nsec += (long)(milliseconds % 1000) * 1000000L;
    if (now.tv_nsec >= 1000000000L) {
        now.tv_sec++;
        now.tv_nsec -= 1000000000L;
    }
    return now;
}

/* Takes what is set: its index, or -1. */
static int take(struct sim_object **objects, DWORD count, BOOL all) {
    DWORD set = 0;
    for (DWORD i = 0; i < count; i++) {
        if (objects[i]->set) {
            set++;
            if (!all) {
                objects[i]->set = objects[i]->manual_reset;
                return (int)i;
            }
        }
    }
    if (set < count) {
        return -1;
    }
    for (DWORD i = 0; i < count; i++) {
        objects[i]->set = objects[i]->manual_reset;
    }
    return 0;
}

SIM_EXPORT DWORD WaitForMultipleObjects(DWORD count, const HANDLE *handles, BOOL all, DWORD milliseconds) {
    struct sim_object *objects[64];
    if (count == 0 || count > 64) {
        errno = ERROR_INVALID_PARAMETER;
        return WAIT_FAILED;
    }
    for (DWORD i = 0; i < count; i++) {
        objects[i] = sim_acquire(handles[i], SIM_EVENT);
        if (objects[i] == NULL) {
            while (i > 0) {
                sim_release(objects[--i]);
            }
            errno = ERROR_INVALID_HANDLE;
            return WAIT_FAILED;
        }
    }
    struct timespec end = after(milliseconds == INFINITE ? 0 : milliseconds);
    DWORD answer = WAIT_TIMEOUT;
    enter();
    for (;;) {
        int taken = take(objects, count, all);
        if (taken >= 0) {
            answer = WAIT_OBJECT_0 + (DWORD)taken;
            break;
        }
        int result = milliseconds == INFINITE ? pthread_cond_wait(&changed, &lock)
                                              : pthread_cond_timedwait(&changed, &lock, &end);
        if (result == ETIMEDOUT) {
            taken = take(objects, count, all);
            answer = taken >= 0 ? WAIT_OBJECT_0 + (DWORD)taken : WAIT_TIMEOUT;
            break;
        }
    }
    leave();
    for (DWORD i = 0; i < count; i++) {
        sim_release(objects[i]);
    }
    return answer;
}

SIM_EXPORT DWORD WaitForSingleObject(HANDLE handle, DWORD milliseconds) {
    return WaitForMultipleObjects(1, &handle, FALSE, milliseconds);
}

/* ---- files ---- */

/* UTF-16 to UTF-8: the length with the zero, or 0 if it does not fit or is no UTF-16. */
static size_t utf8(const WCHAR *name, char *out, size_t size) {
    size_t n = 0;
    for (; *name != 0; name++) {
        uint32_t c = *name;
        if (c >= 0xD800 && c < 0xE000) {
            if (c >= 0xDC00 || name[1] < 0xDC00 || name[1] >= 0xE000) {
                return 0;
            }
            c = 0x10000 + ((c - 0xD800) << 10) + (uint32_t)(*++name - 0xDC00);
        }
        if (n + 5 > size) {
            return 0;
        }
        if (c < 0x80) {
            out[n++] = (char)c;
        } else if (c < 0x800) {
            out[n++] = (char)(0xC0 | c >> 6);
            out[n++] = (char)(0x80 | (c & 0x3F));
        } else if (c < 0x10000) {
            out[n++] = (char)(0xE0 | c >> 12);
            out[n++] = (char)(0x80 | (c >> 6 & 0x3F));
            out[n++] = (char)(0x80 | (c & 0x3F));
        } else {
            out[n++] = (char)(0xF0 | c >> 18);
            out[n++] = (char)(0x80 | (c >> 12 & 0x3F));
            out[n++] = (char)(0x80 | (c >> 6 & 0x3F));
            out[n++] = (char)(0x80 | (c & 0x3F));
        }
    }
    out[n++] = 0;
    return n;
}

SIM_EXPORT HANDLE CreateFileW(const WCHAR *name, DWORD access, DWORD share, void *security, DWORD disposition, DWORD flags,
                              HANDLE template) {
    (void)share;
    (void)security;
    (void)template;
    static const int HOW[] = {0, O_CREAT | O_EXCL, O_CREAT | O_TRUNC, 0, O_CREAT, O_TRUNC};
    char path[NAME_BYTES];
    if (utf8(name, path, sizeof path) == 0 || disposition < 1 || disposition > 5) {
        errno = ERROR_INVALID_PARAMETER;
        return INVALID_HANDLE_VALUE;
    }
    int mode = (access & GENERIC_WRITE) == 0 ? O_RDONLY : (access & GENERIC_READ) == 0 ? O_WRONLY : O_RDWR;
    int fd = open(path, mode | HOW[disposition] | O_CLOEXEC, 0644);
    if (fd < 0) {
        errno = sim_error(errno);
        return INVALID_HANDLE_VALUE;
    }
    struct sim_object *file = sim_object(SIM_FILE, fd);
    file->flags = flags;
    file->access = access;
    HANDLE handle = sim_handle(file);
    if (handle == NULL) {
        sim_release(file);
        errno = ERROR_TOO_MANY_OPEN_FILES;
        return INVALID_HANDLE_VALUE;
    }
    return handle;
}

SIM_EXPORT BOOL FlushFileBuffers(HANDLE handle) {
    struct sim_object *file = sim_acquire(handle, SIM_FILE);
    if (file == NULL) {
        return FALSE;
    }
    int result = fsync(file->fd);
    int error = errno;
    sim_release(file);
    return result == 0 ? TRUE : fail(sim_error(error));
}

SIM_EXPORT BOOL GetFileSizeEx(HANDLE handle, int64_t *size) {
    struct sim_object *file = sim_acquire(handle, SIM_FILE);
    if (file == NULL) {
        return FALSE;
    }
    struct stat status;
    int result = fstat(file->fd, &status);
    int error = errno;
    sim_release(file);
    if (result != 0) {
        return fail(sim_error(error));
    }
    *size = status.st_size;
    return TRUE;
}

/* ---- pages ---- */

SIM_EXPORT void *VirtualAlloc(void *address, size_t size, DWORD type, DWORD protection) {
    (void)type;
    if (address != NULL || size == 0 || protection != 4) {
        errno = ERROR_INVALID_PARAMETER;
        return NULL;
    }
    void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) {
        errno = ERROR_NOT_ENOUGH_MEMORY;
        return NULL;
    }
    struct pages *entry = calloc(1, sizeof *entry);
    entry->address = pages;
    entry->size = size;
    enter();
    entry->next = reserved;
    reserved = entry;
    leave();
    return pages;
}

SIM_EXPORT BOOL VirtualFree(void *address, size_t size, DWORD type) {
    if (size != 0 || type != 0x8000) {
        return fail(ERROR_INVALID_PARAMETER);
    }
    struct pages *found = NULL;
    enter();
    for (struct pages **at = &reserved; *at != NULL; at = &(*at)->next) {
        if ((*at)->address == address) {
            found = *at;
            *at = found->next;
            break;
        }
    }
    leave();
    if (found == NULL) {
        return fail(487); /* ERROR_INVALID_ADDRESS */
    }
    munmap(found->address, found->size);
    free(found);
    return TRUE;
}

#else
/* Windows has all of it. */
typedef int simwin32_is_windows;
#endif
