/* For the tests of net: the other side of a connection, byte by byte. */
#ifndef HR_TESTS_NET_PEER_H
#define HR_TESTS_NET_PEER_H

#include "base/base.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PEER_ANSWER_MAX = 256 << 10 };

/* What came back on a connection. */
struct heard {
    char bytes[PEER_ANSWER_MAX];
    size_t size;
    bool closed; /* by the other side */
};

static inline int64_t peer_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline void peer_sleep(int ms)
{
    const struct timespec time = {ms / 1000, (long)(ms % 1000) * 1000000};
    (void)nanosleep(&time, NULL);
}

static inline int peer_connect(uint16_t port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) != 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

/* Says all of it; false when the other side does not listen any more. */
static inline bool peer_say(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        bytes += sent;
        size -= (size_t)sent;
    }
    return true;
}

/* How many whole answers stand in what was heard; only those with a Content-Length and without a 100. */
static inline int peer_answers(const struct heard *heard)
{
    const char *at = heard->bytes;
    int count = 0;
    while ((at = strstr(at, "\r\n\r\n")) != NULL) {
        at += 4;
        count++;
    }
    return count;
}

/* Listens until `until` was heard (NULL: until it is closed) or ms passed. */
static inline void peer_hear(int fd, struct heard *heard, const char *until, int ms)
{
    int64_t end = peer_ms() + ms;
    heard->bytes[heard->size] = '\0';
    while (!heard->closed && (until == NULL || strstr(heard->bytes, until) == NULL)) {
        struct pollfd polled = {.fd = fd, .events = POLLIN};
        int64_t left = end - peer_ms();
        if (left <= 0 || poll(&polled, 1, (int)left) <= 0) {
            return;
        }
        ssize_t size =
            recv(fd, heard->bytes + heard->size, sizeof heard->bytes - 1 - heard->size, 0);
        heard->closed = size <= 0;
        heard->size += size > 0 ? (size_t)size : 0;
        heard->bytes[heard->size] = '\0';
    }
}

/* A listening socket on a free port of this machine. */
static inline int peer_listen(uint16_t *ret_port)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t size = sizeof at;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) != 0 || listen(fd, 16) != 0 ||
        getsockname(fd, (struct sockaddr *)&at, &size) != 0) {
        return -1;
    }
    *ret_port = ntohs(at.sin_port);
    return fd;
}

#endif
