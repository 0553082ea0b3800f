// The receiver of ZeroCopyComparison: takes what comes on any number of connections, and throws it away unread.
// Prints "ready PORT"; ends with its standard input.
// Build: cc -O2 -o sink sink.c
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define PIECE (1 << 20)

int main(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_ANY)};
  socklen_t length = sizeof address;
  int epoll = epoll_create1(EPOLL_CLOEXEC), listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (epoll < 0 || listener < 0 || bind(listener, (struct sockaddr *)&address, length) < 0 || listen(listener, 64) < 0 ||
      getsockname(listener, (struct sockaddr *)&address, &length) < 0) {
    printf("error listen: %s\n", strerror(errno));
    return 1;
  }
  struct epoll_event input = {.events = EPOLLIN, .data.fd = 0}, listening = {.events = EPOLLIN, .data.fd = listener};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, 0, &input) < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &listening) < 0) {
    printf("error epoll: %s\n", strerror(errno));
    return 1;
  }
  printf("ready %d\n", ntohs(address.sin_port));
  fflush(stdout);
  for (;;) {
    struct epoll_event events[64];
    int count = epoll_wait(epoll, events, 64, -1);
    for (int i = 0; i < count; i++) {
      int fd = events[i].data.fd;
      if (fd == 0)
        return 0;
      if (fd == listener) {
        struct epoll_event connection = {.events = EPOLLIN, .data.fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC)};
        epoll_ctl(epoll, EPOLL_CTL_ADD, connection.data.fd, &connection);
      } else if (recv(fd, NULL, PIECE, MSG_TRUNC) <= 0) { // without a copy
        close(fd);
      }
    }
  }
}
