/* Runs a command a number of times and prints, for each, milliseconds of wall
 * time and kilobytes of peak memory.
 *
 * usage: measure RUNS COMMAND [ARGUMENT]...
 *
 * In C because a child's peak counts what its parent held when it was started;
 * a small parent keeps that out. Standard output of the command is dropped. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now_ms(void)
{
    struct timespec t;
    if (clock_gettime(CLOCK_MONOTONIC, &t))
        exit(2);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void become(char **command)
{
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (null >= 0 && dup2(null, STDOUT_FILENO) >= 0)
        execvp(command[0], command);
    fprintf(stderr, "%s: %s\n", command[0], strerror(errno));
    _exit(127);
}

static int measure_once(char **command)
{
    const double start = now_ms();
    const pid_t child = fork();
    if (child < 0)
        return 2;
    if (child == 0)
        become(command);
    int status;
    struct rusage usage;
    if (wait4(child, &status, 0, &usage) != child)
        return 2;
    printf("%.3f %ld\n", now_ms() - start, usage.ru_maxrss);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: measure RUNS COMMAND [ARGUMENT]...\n");
        return 2;
    }
    for (long i = strtol(argv[1], NULL, 10); i > 0; i--) {
        const int status = measure_once(argv + 2);
        if (status)
            return status;
    }
    return 0;
}
