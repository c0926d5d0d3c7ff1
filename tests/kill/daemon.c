/* The daemon as a process: started, waited for, killed. */
#include "kill.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

double kill_seconds(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

hr_instant kill_wall_clock(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (hr_instant)now.tv_sec * HR_SECOND_US + now.tv_nsec / 1000;
}

void kill_sleep_us(uint64_t us)
{
    const struct timespec pause = {.tv_sec = (time_t)(us / 1000000),
                                   .tv_nsec = (long)(us % 1000000) * 1000};
    (void)nanosleep(&pause, NULL);
}

void kill_daemon_start(struct kill_daemon *daemon)
{
    (void)fflush(NULL);
    daemon->pid = fork();
    hr_assert(daemon->pid >= 0);
    if (daemon->pid == 0) {
        char log[4096];
        (void)snprintf(log, sizeof log, "%s.log", daemon->folder);
        int file = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
        if (file >= 0) {
            (void)dup2(file, STDOUT_FILENO);
            (void)dup2(file, STDERR_FILENO);
        }
        (void)execl(daemon->program, daemon->program, "serve", "--dir", daemon->folder,
                    (char *)NULL);
        _exit(127);
    }
}

static bool listens(uint16_t port)
{
    struct sockaddr_in peer = {.sin_family = AF_INET, .sin_port = htons(port)};
    peer.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool there = file >= 0 && connect(file, (const struct sockaddr *)&peer, sizeof peer) == 0;
    (void)close(file);
    return there;
}

bool kill_daemon_wait_ready(struct kill_daemon *daemon)
{
    double start = kill_seconds();
    while (!listens(daemon->port)) {
        int status = 0;
        if (kill_seconds() - start > 30 || waitpid(daemon->pid, &status, WNOHANG) == daemon->pid) {
            printf("FAIL the daemon did not start; it says why in %s.log\n", daemon->folder);
            return false;
        }
        kill_sleep_us(2000);
    }
    double took = kill_seconds() - start;
    daemon->ready_s_max = took > daemon->ready_s_max ? took : daemon->ready_s_max;
    return true;
}

void kill_daemon_kill(struct kill_daemon *daemon)
{
    int status = 0;
    (void)kill(daemon->pid, SIGKILL);
    (void)waitpid(daemon->pid, &status, 0);
}

bool kill_daemon_stop(struct kill_daemon *daemon)
{
    int status = 0;
    (void)kill(daemon->pid, SIGTERM);
    return waitpid(daemon->pid, &status, 0) == daemon->pid && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}
