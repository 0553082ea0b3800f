/*
 * What a simulator needs of Windows. On Windows this is windows.h; elsewhere simwin32.c provides the few functions that the
 * tests call, under their own names, with errno in the place of the last error.
 */
#ifndef SIMWIN32_H
#define SIMWIN32_H

#include <stddef.h>
#include <stdint.h>

#ifdef _WIN32

#ifndef _WIN32_WINNT
#define _WIN32_WINNT 0x0A00
#endif
#include <winsock2.h>
#include <windows.h>
#define SIM_EXPORT __declspec(dllexport)

#else

#include <errno.h>
#define SIM_EXPORT __attribute__((visibility("default")))

typedef void *HANDLE;
typedef int32_t BOOL;
typedef int32_t LONG;
typedef int32_t HRESULT;
typedef uint32_t DWORD;
typedef uint32_t ULONG;
typedef uint64_t ULONG_PTR;
typedef uint16_t WCHAR;

#define TRUE 1
#define FALSE 0
#define INVALID_HANDLE_VALUE ((HANDLE)(intptr_t)-1)
#define INFINITE 0xFFFFFFFFu
#define WAIT_OBJECT_0 0u
#define WAIT_TIMEOUT 258u
#define WAIT_FAILED 0xFFFFFFFFu

#define ERROR_SUCCESS 0
#define ERROR_FILE_NOT_FOUND 2
#define ERROR_PATH_NOT_FOUND 3
#define ERROR_TOO_MANY_OPEN_FILES 4
#define ERROR_ACCESS_DENIED 5
#define ERROR_INVALID_HANDLE 6
#define ERROR_NOT_ENOUGH_MEMORY 8
#define ERROR_GEN_FAILURE 31
#define ERROR_HANDLE_EOF 38
#define ERROR_FILE_EXISTS 80
#define ERROR_INVALID_PARAMETER 87
#define ERROR_DISK_FULL 112
#define ERROR_OPERATION_ABORTED 995
#define ERROR_IO_PENDING 997
#define ERROR_NOACCESS 998
#define ERROR_NOT_FOUND 1168
#define ERROR_TIMEOUT 1460

#define GENERIC_READ 0x80000000u
#define GENERIC_WRITE 0x40000000u
#define FILE_FLAG_OVERLAPPED 0x40000000u
#define FILE_FLAG_NO_BUFFERING 0x20000000u

/* The kinds of object behind a handle. */
#define SIM_EVENT 1
#define SIM_FILE 2
#define SIM_SOCKET 3
#define SIM_PORT 4
#define SIM_SECTION 6

struct sim_object {
    int kind;
    int references;
    int fd;           /* of files and sockets; closed with the last reference */
    uint32_t flags;   /* FILE_FLAG_ of files, whatever the owner likes of others */
    uint32_t access;  /* GENERIC_ of files */
    int manual_reset; /* of events */
    int set;          /* of events */
    void *owned;      /* for the owner of other kinds */
    void (*release)(struct sim_object *); /* called with the last reference, or NULL */
};

/* A handle for a new object, which then has one reference; NULL and errno if the table is full. */
HANDLE sim_handle(struct sim_object *object);
/* A new, zeroed object of a kind. */
struct sim_object *sim_object(int kind, int fd);
/* The object behind a handle with one more reference, or NULL and ERROR_INVALID_HANDLE. */
struct sim_object *sim_acquire(HANDLE handle, int kind);
/* Gives a reference back. */
void sim_release(struct sim_object *object);
/* Sets an event by its object, as SetEvent does by its handle. */
void sim_signal(struct sim_object *event);
/* The Win32 error for an errno. */
int sim_error(int number);

DWORD GetLastError(void);
void SetLastError(DWORD error);
HANDLE CreateFileW(const WCHAR *name, DWORD access, DWORD share, void *security, DWORD disposition, DWORD flags, HANDLE t);
BOOL CloseHandle(HANDLE handle);
HANDLE CreateEventW(void *security, BOOL manual_reset, BOOL initial_state, const WCHAR *name);
BOOL SetEvent(HANDLE event);
BOOL ResetEvent(HANDLE event);
DWORD WaitForSingleObject(HANDLE handle, DWORD milliseconds);
DWORD WaitForMultipleObjects(DWORD count, const HANDLE *handles, BOOL all, DWORD milliseconds);
void *VirtualAlloc(void *address, size_t size, DWORD type, DWORD protection);
BOOL VirtualFree(void *address, size_t size, DWORD type);
BOOL FlushFileBuffers(HANDLE handle);
BOOL GetFileSizeEx(HANDLE handle, int64_t *size);
BOOL SetFileInformationByHandle(HANDLE handle, int information_class, void *information, DWORD size);
BOOL GetProcessHandleCount(HANDLE process, DWORD *count);

#endif
#endif
