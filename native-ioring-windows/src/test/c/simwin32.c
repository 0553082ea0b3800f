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

/* Placeholders in the address space, and the views that replaced them. */
struct region {
    char *address;
    size_t size;
    int is_view;
    struct region *next;
};
static struct region *regions;
static int32_t views_until_failure;

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
        case EPERM: case EACCES: case EISDIR: return ERROR_ACCESS_DENIED;
        case EROFS: return 19;  /* ERROR_WRITE_PROTECT */
        case ENAMETOOLONG: return 206; /* ERROR_FILENAME_EXCED_RANGE */
        case ELOOP: return 1921; /* ERROR_CANT_RESOLVE_FILENAME */
        case EFBIG: return 223; /* ERROR_FILE_TOO_LARGE */
        case EIO: return 1117;  /* ERROR_IO_DEVICE */
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

/* simwinsock.c has the pipes. */
uint64_t net_create_pipe(const char *name, int buffer);
uint64_t net_open_pipe(const char *name);
int net_close_pipe(uint64_t handle);

SIM_EXPORT BOOL CloseHandle(HANDLE handle) {
    if (net_close_pipe((uint64_t)(uintptr_t)handle)) {
        return TRUE;
    }
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

#define PIPES "\\\\.\\pipe\\"

SIM_EXPORT HANDLE CreateNamedPipeW(const WCHAR *name, DWORD open_mode, DWORD pipe_mode, DWORD instances, DWORD out_buffer,
                                   DWORD in_buffer, DWORD timeout, void *security) {
    (void)out_buffer;
    (void)timeout;
    char path[NAME_BYTES];
    /* inbound, overlapped, the first of its name; bytes, and nobody from elsewhere */
    if (utf8(name, path, sizeof path) == 0 || strncmp(path, PIPES, sizeof PIPES - 1) != 0
        || open_mode != (1 | FILE_FLAG_OVERLAPPED | 0x80000) || pipe_mode != 8 || instances != 1 || security != NULL) {
        errno = ERROR_INVALID_PARAMETER;
        return INVALID_HANDLE_VALUE;
    }
    uint64_t end = net_create_pipe(path, (int)in_buffer);
    errno = ERROR_TOO_MANY_OPEN_FILES;
    return end != 0 ? (HANDLE)(uintptr_t)end : INVALID_HANDLE_VALUE;
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
    if (strncmp(path, PIPES, sizeof PIPES - 1) == 0) {
        uint64_t end = net_open_pipe(path);
        errno = ERROR_FILE_NOT_FOUND;
        return end != 0 ? (HANDLE)(uintptr_t)end : INVALID_HANDLE_VALUE;
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

/* Of the classes of information FileEndOfFileInfo alone: the size. */
SIM_EXPORT BOOL SetFileInformationByHandle(HANDLE handle, int information_class, void *information, DWORD size) {
    struct sim_object *file = sim_acquire(handle, SIM_FILE);
    if (file == NULL) {
        return FALSE;
    }
    int result = -1;
    int error = EINVAL;
    if (information_class == 6 && size == 8) {
        result = (file->access & GENERIC_WRITE) != 0 ? ftruncate(file->fd, *(int64_t *)information) : -1;
        error = (file->access & GENERIC_WRITE) != 0 ? errno : EACCES;
    }
    sim_release(file);
    return result == 0 ? TRUE : fail(sim_error(error));
}

/* ---- pages ---- */

SIM_EXPORT void *VirtualAlloc(void *address, size_t size, DWORD type, DWORD protection) {
    if (type == 0x80000) { /* MEM_RESET */
        enter();
        struct region *found = regions;
        while (found != NULL && (!found->is_view || found->address != address || found->size != size)) {
            found = found->next;
        }
        leave();
        errno = found != NULL ? 0 : 487;
        return found != NULL ? address : NULL;
    }
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

static struct region *add_region(char *address, size_t size) {
    struct region *region = calloc(1, sizeof *region);
    region->address = address;
    region->size = size;
    region->next = regions;
    regions = region;
    return region;
}

/* The region that begins there, as its place in the list. */
static struct region **region_at(const void *address) {
    struct region **at = &regions;
    while (*at != NULL && (*at)->address != address) {
        at = &(*at)->next;
    }
    return at;
}

static int remove_region(const void *address, int is_view) {
    struct region **at = region_at(address);
    struct region *region = *at;
    if (region == NULL || region->is_view != is_view) {
        return 0;
    }
    *at = region->next;
    munmap(region->address, region->size);
    free(region);
    return 1;
}

/* MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER: cuts a placeholder in two. */
static BOOL split(char *address, size_t size) {
    enter();
    struct region *region = *region_at(address);
    int fits = region != NULL && !region->is_view && size > 0 && size < region->size && size % 4096 == 0;
    if (fits) {
        add_region(address + size, region->size - size);
        region->size = size;
    }
    leave();
    return fits ? TRUE : fail(487);
}

SIM_EXPORT BOOL VirtualFree(void *address, size_t size, DWORD type) {
    if (type == 0x8002) {
        return split(address, size);
    }
    if (size != 0 || type != 0x8000) {
        return fail(ERROR_INVALID_PARAMETER);
    }
    struct pages *found = NULL;
    enter();
    int was_placeholder = remove_region(address, 0);
    for (struct pages **at = &reserved; *at != NULL && !was_placeholder; at = &(*at)->next) {
        if ((*at)->address == address) {
            found = *at;
            *at = found->next;
            break;
        }
    }
    leave();
    if (was_placeholder) {
        return TRUE;
    }
    if (found == NULL) {
        return fail(487); /* ERROR_INVALID_ADDRESS */
    }
    munmap(found->address, found->size);
    free(found);
    return TRUE;
}

/* ---- sections and placeholders ---- */

SIM_EXPORT HANDLE CreateFileMappingW(HANDLE file, void *security, DWORD protection, DWORD high, DWORD low,
                                     const WCHAR *name) {
    (void)security;
    if (file != INVALID_HANDLE_VALUE || protection != 4 || name != NULL) {
        errno = ERROR_INVALID_PARAMETER;
        return NULL;
    }
    int fd = memfd_create("section", MFD_CLOEXEC);
    if (fd < 0 || ftruncate(fd, (off_t)((uint64_t)high << 32 | low)) != 0) {
        if (fd >= 0) {
            close(fd);
        }
        errno = ERROR_NOT_ENOUGH_MEMORY;
        return NULL;
    }
    return sim_handle(sim_object(SIM_SECTION, fd));
}

SIM_EXPORT void *VirtualAlloc2(HANDLE process, void *address, size_t size, DWORD type, DWORD protection, void *parameters,
                               DWORD count) {
    if (process != INVALID_HANDLE_VALUE || address != NULL || size == 0 || size % 0x10000 != 0 || type != 0x42000
        || protection != 1 || parameters != NULL || count != 0) {
        errno = ERROR_INVALID_PARAMETER;
        return NULL;
    }
    char *wide = mmap(NULL, size + 0x10000, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (wide == MAP_FAILED) {
        errno = ERROR_NOT_ENOUGH_MEMORY;
        return NULL;
    }
    size_t before = (0x10000 - (uintptr_t)wide % 0x10000) % 0x10000;
    if (before > 0) {
        munmap(wide, before);
    }
    munmap(wide + before + size, 0x10000 - before);
    enter();
    add_region(wide + before, size);
    leave();
    return wide + before;
}

SIM_EXPORT void *MapViewOfFile3(HANDLE section, HANDLE process, void *address, uint64_t offset, size_t size, DWORD type,
                                DWORD protection, void *parameters, DWORD count) {
    struct sim_object *object = sim_acquire(section, SIM_SECTION);
    if (object == NULL) {
        return NULL;
    }
    int error = 0;
    enter();
    struct region *region = *region_at(address);
    if (process != INVALID_HANDLE_VALUE || offset != 0 || type != 0x4000 || protection != 4 || parameters != NULL
        || count != 0) {
        error = ERROR_INVALID_PARAMETER;
    } else if (region == NULL || region->is_view || region->size != size) {
        error = 487; /* a placeholder is replaced as a whole, or not */
    } else if (views_until_failure > 0 && --views_until_failure == 0) {
        error = ERROR_NOT_ENOUGH_MEMORY;
    } else if (mmap(address, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, object->fd, 0) != address) {
        error = ERROR_NOT_ENOUGH_MEMORY;
    } else {
        region->is_view = 1;
    }
    leave();
    sim_release(object);
    errno = error;
    return error == 0 ? address : NULL;
}

SIM_EXPORT BOOL UnmapViewOfFile(const void *address) {
    enter();
    int found = remove_region(address, 1);
    leave();
    return found ? TRUE : fail(487);
}

/* For the tests: how many placeholders and views there are. */
SIM_EXPORT int32_t sim_win32_regions(void) {
    enter();
    int32_t count = 0;
    for (struct region *region = regions; region != NULL; region = region->next) {
        count++;
    }
    leave();
    return count;
}

/* For the tests: the view of that number from now on fails, 1 for the next; 0 for none. */
SIM_EXPORT void sim_win32_fail_view(int32_t number) {
    enter();
    views_until_failure = number;
    leave();
}

#else
/* Windows has all of it. */
typedef int simwin32_is_windows;
#endif
