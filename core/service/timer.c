#include "service/timer.h"

#include <stddef.h>

/* Joins two heaps; either may be NULL. */
static fr_timer *join(fr_timer *a, fr_timer *b)
{
    if (a == NULL || b == NULL)
        return a != NULL ? a : b;
    if (b->at < a->at) {
        fr_timer *later = a;
        a = b;
        b = later;
    }
    b->previous = a;
    b->next = a->child;
    if (a->child != NULL)
        a->child->previous = b;
    a->child = b;
    a->next = NULL;
    a->previous = NULL;
    return a;
}

/* Joins a list of siblings to one heap: in pairs from the left, then the pairs
 * from the right. `previous` chains the pairs meanwhile. */
static fr_timer *join_siblings(fr_timer *first)
{
    fr_timer *pairs = NULL;

    while (first != NULL) {
        fr_timer *a = first;
        fr_timer *b = a->next;
        first = b != NULL ? b->next : NULL;
        a->next = NULL;
        a->previous = NULL;
        if (b != NULL) {
            b->next = NULL;
            b->previous = NULL;
        }
        a = join(a, b);
        a->previous = pairs;
        pairs = a;
    }
    fr_timer *top = NULL;
    while (pairs != NULL) {
        fr_timer *pair = pairs;
        pairs = pair->previous;
        pair->previous = NULL;
        top = join(top, pair);
    }
    return top;
}

/* Cuts a timer that is not on top out of its siblings. */
static void cut(fr_timer *timer)
{
    if (timer->previous->child == timer)
        timer->previous->child = timer->next;
    else
        timer->previous->next = timer->next;
    if (timer->next != NULL)
        timer->next->previous = timer->previous;
}

void fr_timers_disarm(fr_timers *timers, fr_timer *timer)
{
    if (!timer->armed)
        return;
    fr_timer *rest = join_siblings(timer->child);
    if (timers->top == timer) {
        timers->top = rest;
    } else {
        cut(timer);
        timers->top = join(timers->top, rest);
    }
    timer->child = NULL;
    timer->next = NULL;
    timer->previous = NULL;
    timer->armed = 0;
}

void fr_timers_arm(fr_timers *timers, fr_timer *timer, uint64_t at)
{
    fr_timers_disarm(timers, timer);
    timer->at = at;
    timer->armed = 1;
    timers->top = join(timers->top, timer);
}
