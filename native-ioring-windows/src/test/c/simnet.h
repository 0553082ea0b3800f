/* What the network simulators share. Types as Windows has them; nothing of it is Windows' own header. */
#ifndef SIMNET_H
#define SIMNET_H
#include <stdint.h>

#define MOST_QUEUES 32768 /* sockets that are served at a time */

typedef uint64_t net_socket; /* SOCKET */
typedef uint64_t net_handle; /* HANDLE */

typedef struct {
    uint64_t internal, internal_high;
    uint32_t offset, offset_high;
    uint64_t event;
} sim_overlapped;

typedef struct {
    uint64_t key;
    sim_overlapped *overlapped;
    uint64_t internal;
    uint32_t bytes;
} sim_entry;

typedef struct {
    int32_t status;
    uint32_t bytes;
    uint64_t socket_context, request_context;
} sim_rioresult;

typedef struct {
    void *id;
    uint32_t offset, length;
} sim_riobuf;

typedef struct {
    int32_t type;
    union {
        struct { net_handle event; int32_t reset; } event;
        struct { net_handle port; uint64_t key; sim_overlapped *overlapped; } iocp;
    } u;
} sim_notification;

typedef struct {
    uint32_t size;
    void *functions[13];
} sim_riotable;

/* What simrio.c asks of its surroundings: simwinsock.c on Linux, its own last part on Windows. */
void net_last_error(int code);
/* bytes, or the negated Winsock error; -10035 when it has to wait; *truncated is set for datagrams */
int net_receive(net_socket s, void *to, uint32_t length, void *address, uint32_t address_room, int *truncated);
int net_send(net_socket s, const void *from, uint32_t length, const void *address, uint32_t address_length);
int net_prepare(net_socket s); /* 1 for a stream */
/* 1 receive, 2 send: what each waits for, and what it can afterwards; whether any can */
int net_wait(net_socket *sockets, unsigned char *wants, int count, int milliseconds);
void net_wake(void);
void net_set_event(net_handle event);
void net_reset_event(net_handle event);
void net_post(net_handle port, uint64_t key, sim_overlapped *overlapped);
void net_fatal(const char *what);

/* What simrio.c offers its surroundings. */
void rio_socket_made(net_socket s, uint32_t flags);
void rio_socket_accepted(net_socket s, net_socket listener);
void rio_socket_closed(net_socket s);
int rio_table(const void *guid, uint32_t guid_length, void *out, uint32_t out_length); /* 1 when it was asked */
#endif
