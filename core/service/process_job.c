#include "service/process_job.h"

#include <fractary-plugin/record.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>

#include "base/time.h"
#include "service/records.h"

/* How often the output files are looked at. */
#define TICK_MS 25
#define TICK    (TICK_MS * FR_MILLISECOND)
#define INSIST  2
/* What is left to a child after it was told to stop. */
#define AFTER_INSISTING         (5 * FR_SECOND)
#define AFTER_INSISTING_CAREFUL (10 * FR_SECOND)
#define AFTER_DEADLINE          (5 * FR_SECOND)
#define AFTER_DEADLINE_CAREFUL  (30 * FR_SECOND)
#define AFTER_KILL              (10 * FR_SECOND)

/* ------------------------------------------------------------------- ending */

/* What is said here must not stop the wait: the journal reports itself. */
static void say(const fr_job *job, const char *level, fr_json *record)
{
    (void)fr_json_set_string(record, "level", level);
    (void)fr_records_emit(job->context->records, record);
}

static void plan_kill(fr_job *job, uint64_t at)
{
    if (job->kill_at == 0 || at < job->kill_at)
        job->kill_at = at;
}

/* One at a time: two equal signals at once would arrive as one. */
static void pass_on(fr_job *job, uint64_t now)
{
    const uint64_t left = job->careful ? AFTER_INSISTING_CAREFUL : AFTER_INSISTING;
    const unsigned wanted = fr_loop_interrupts(job->context->loop) - job->before;

    if (job->passed_on >= wanted || job->passed_on >= INSIST)
        return;
    job->passed_on++;
    fr_child_signal(&job->child, SIGINT);
    if (job->passed_on < INSIST) {
        say(job, "info",
            fr_record_new("log",
                          "Interrupted: waiting for %s to end by itself. Interrupt again "
                          "to insist.",
                          job->label));
        return;
    }
    plan_kill(job, now + left);
    say(job, "warning",
        fr_record_new("log",
                      "Interrupted again: %s was told once more to stop, and is killed if "
                      "it has not ended in %d seconds.",
                      job->label, (int)(left / FR_SECOND)));
}

static void keep_deadline(fr_job *job, uint64_t now)
{
    const uint64_t left = job->careful ? AFTER_DEADLINE_CAREFUL : AFTER_DEADLINE;

    if (job->overdue || job->deadline == 0 || now < job->deadline)
        return;
    job->overdue = 1;
    fr_child_signal(&job->child, SIGINT);
    plan_kill(job, now + left);
    say(job, "warning",
        fr_record_new("log",
                      "%s is over its deadline: it was told to stop, and is killed if it "
                      "has not ended in %d seconds.",
                      job->label, (int)(left / FR_SECOND)));
}

static void kill_late(fr_job *job, uint64_t now)
{
    if (job->killed || job->kill_at == 0 || now < job->kill_at)
        return;
    job->killed = 1;
    job->give_up_at = now + AFTER_KILL;
    fr_child_signal(&job->child, SIGKILL);
    say(job, "warning", fr_record_new("log", "%s did not end and was killed.", job->label));
}

/* ------------------------------------------------------------------- output */

/* The first failure to read ends the reading, never the waiting. */
static void read_stream(fr_job *job, fr_output *output, int *more, int32_t *status,
                        fractary_error *error)
{
    int left = 0;

    if (*status == FRACTARY_OK)
        *status = fr_output_read(output, &job->reader, &left, error);
    *more |= left;
}

/* Up to what was there when the child had ended: something that it left
 * running may write on for ever. */
static void read_rest(fr_job *job, fr_output *output, int32_t *status, fractary_error *error)
{
    struct stat info;
    int more = fstat(output->descriptor, &info) == 0;

    while (more && *status == FRACTARY_OK && output->offset < (uint64_t)info.st_size) {
        more = 0;
        read_stream(job, output, &more, status, error);
    }
    fr_output_flush(output, &job->reader);
}

/* ------------------------------------------------------------------- follow */

static uint64_t next_look(const fr_job *job, uint64_t now, int more)
{
    uint64_t at = more ? now : now + TICK;

    if (!job->overdue && job->deadline != 0 && job->deadline < at)
        at = job->deadline;
    return at;
}

/* Non-zero when it does not end, whatever we do. */
static int wait_for_end(fr_job *job, int32_t *reading, fractary_error *error)
{
    for (;;) {
        const uint64_t now = fr_time_monotonic();
        int more = 0;
        fr_child_look(&job->child);
        if (job->child.ended)
            return 0;
        read_stream(job, &job->out, &more, reading, error);
        read_stream(job, &job->err, &more, reading, error);
        pass_on(job, now);
        keep_deadline(job, now);
        kill_late(job, now);
        if (job->give_up_at != 0 && now > job->give_up_at)
            return 1;
        if (fr_loop_step(job->context->loop, next_look(job, now, more), NULL) != FRACTARY_OK)
            (void)poll(NULL, 0, TICK_MS);
    }
}

static int32_t how_it_ended(fr_job *job, int stuck, int32_t reading, fractary_error *error)
{
    if (stuck)
        return fr_error_set(error, FRACTARY_E_FAILED, "%s does not end even when it is killed",
                            job->label);
    if (job->passed_on > 0) {
        fr_loop_acknowledge(job->context->loop);
        return fr_error_set(error, FRACTARY_E_CANCELLED, "%s was interrupted%s", job->label,
                            job->killed ? " and had to be killed" : "");
    }
    if (job->overdue) {
        fr_error_set(error, FRACTARY_E_DEADLINE, "%s took longer than it may%s", job->label,
                     job->killed ? " and had to be killed" : "");
        return FRACTARY_E_DEADLINE;
    }
    if (job->reader.status != FRACTARY_OK)
        return fr_error_set(error, job->reader.status, "the output of %s could not be taken in",
                            job->label);
    return reading;
}

int32_t fr_job_follow(fr_job *job, fractary_error *error)
{
    int32_t reading = FRACTARY_OK;
    const int stuck = wait_for_end(job, &reading, error);

    read_rest(job, &job->out, &reading, error);
    read_rest(job, &job->err, &reading, error);
    return how_it_ended(job, stuck, reading, error);
}
