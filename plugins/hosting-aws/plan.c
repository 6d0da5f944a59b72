#include "plan.h"

#include "settings.h"
#include <stdlib.h>
#include <string.h>

#define RESOURCES_MAX (1u << 24)

void fr_aws_plan_finish(fr_aws_plan *plan)
{
    free(plan->slots);
    free(plan->asks);
    free(plan->table);
    *plan = (fr_aws_plan){.count = 0};
}

static int32_t reserve(fr_aws_plan *plan, const fractary_verify_request *request)
{
    if (request->count > RESOURCES_MAX)
        return FRACTARY_E_LIMIT;
    plan->resources = request->resources;
    plan->count = (uint32_t)request->count;
    plan->table_size = 64;
    while (plan->table_size < 2 * plan->count)
        plan->table_size *= 2;
    plan->slots = calloc((size_t)plan->count + 1, sizeof *plan->slots);
    plan->asks = calloc((size_t)plan->count + 1, sizeof *plan->asks);
    plan->table = malloc(plan->table_size * sizeof *plan->table);
    if (plan->slots == NULL || plan->asks == NULL || plan->table == NULL)
        return FRACTARY_E_NOMEM;
    for (uint32_t i = 0; i < plan->table_size; i++)
        plan->table[i] = FR_AWS_NONE;
    return FRACTARY_OK;
}

/* A hash of all that makes the request what it is. */
static int32_t key_of(const fr_aws_request *request, uint8_t key[16])
{
    fr_buf text = {0};
    uint8_t digest[FR_SHA256_SIZE];

    int32_t status =
        fr_buf_printf(&text, "%s\n%s\n%s\n%s\n%s\n", request->service->name, request->region,
                      request->method, fr_buf_text(&request->url), fr_buf_text(&request->target));
    if (status == FRACTARY_OK)
        status = fr_buf_append(&text, request->body.data, request->body.length);
    if (status == FRACTARY_OK)
        status = fr_sha256(text.data, text.length, digest);
    memcpy(key, digest, 16);
    fr_buf_finish(&text);
    return status;
}

/* The place of that key in the table: taken by it, or free for it. */
static uint32_t *place_of(const fr_aws_plan *plan, const uint8_t key[16])
{
    uint32_t at;

    memcpy(&at, key, sizeof at);
    for (;; at++) {
        uint32_t *place = &plan->table[at & (plan->table_size - 1)];
        if (*place == FR_AWS_NONE || memcmp(plan->asks[*place].key, key, 16) == 0)
            return place;
    }
}

static int32_t join(fr_aws_plan *plan, uint32_t slot, const fr_aws_request *request)
{
    uint8_t key[16] = {0};
    const int32_t status = key_of(request, key);

    if (status != FRACTARY_OK)
        return status;
    uint32_t *place = place_of(plan, key);
    if (*place == FR_AWS_NONE) {
        *place = plan->ask_count++;
        memcpy(plan->asks[*place].key, key, 16);
        plan->asks[*place].first = FR_AWS_NONE;
    }
    plan->slots[slot].next = plan->asks[*place].first;
    plan->asks[*place].first = slot;
    return FRACTARY_OK;
}

static int32_t add(fr_aws_plan *plan, uint32_t slot, const fr_aws *aws, const fr_json *profile,
                   const fr_aws_facts *facts, const fr_aws_plan_sink *sink)
{
    const char *type = plan->resources[slot]->type;
    fr_aws_request request = {.service = NULL};
    fr_aws_verdict verdict = {.status = FR_AWS_UNVERIFIABLE};

    plan->slots[slot] = (fr_aws_slot){fr_aws_type_find(type), FR_AWS_NONE, 0};
    if (plan->slots[slot].type == NULL)
        fr_aws_judge_no_row(type != NULL ? type : "", &verdict);
    else if (fr_aws_judge_request(aws, profile, plan->slots[slot].type, facts, NULL, NULL, &request,
                                  &verdict)) {
        const int32_t status = join(plan, slot, &request);
        fr_aws_request_finish(&request);
        return status;
    }
    plan->slots[slot].settled = 1;
    sink->settled(sink->context, slot, facts, &verdict);
    return FRACTARY_OK;
}

int32_t fr_aws_plan_make(fr_aws_plan *plan, const fr_aws *aws, const fr_json *profile,
                         const fractary_verify_request *request, const fr_aws_plan_sink *sink)
{
    const char *region = fr_aws_settings_region(aws, profile);
    int32_t status = reserve(plan, request);

    for (uint32_t i = 0; status == FRACTARY_OK && i < plan->count; i++) {
        fr_aws_facts facts;
        fr_aws_facts_init(&facts, plan->resources[i], region);
        status = add(plan, i, aws, profile, &facts, sink);
        fr_aws_facts_finish(&facts);
    }
    return status;
}
