#include "project/stack_edges.h"

#include "base/path.h"
#include "project/code_text.h"
#include "project/stack_code.h"
#include "project/state_place.h"
#include "project/tag_query.h"
#include <fractary-plugin/str.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A resource that others may look for. */
typedef struct offer {
    const char *stack;
    const fr_hcl_block *block;
} offer;

/* All stacks of one environment. */
typedef struct world {
    const fr_config *config;
    const char *environment;
    char *root;             /* the project's folder, without links */
    fr_vec names;           /* in the order of dependencies        */
    fr_vec codes;           /* fr_stack_code *, one a name         */
    fr_state_place *places; /* one a name                          */
    fr_buf offers;          /* offer                               */
    fr_vec *edges;
    fr_names *troubles;
} world;

/* A block of a stack that looks for something. */
typedef struct reader {
    const fr_stack_code *code;
    const fr_code_folder *folder;
    const fr_code_file *file;
    const fr_hcl_block *block;
} reader;

static const char *const kinds[] = {
    [FR_EDGE_DEPENDS_ON] = "depends_on",
    [FR_EDGE_REMOTE_STATE] = "remote-state",
    [FR_EDGE_SSM] = "ssm",
    [FR_EDGE_TAGS] = "tags",
};

const char *fr_edge_kind_name(fr_edge_kind kind)
{
    return kinds[kind];
}

void fr_stack_edge_destroy(void *item)
{
    fr_stack_edge *edge = item;

    if (edge == NULL)
        return;
    fr_names_finish(&edge->environments);
    free(edge->file);
    free(edge->what);
    free(edge);
}

/* ---------------------------------------------------------------------- declared */

static size_t place_of(const world *w, const char *name)
{
    size_t i = 0;

    while (i < w->names.count && !fr_str_equal(w->names.items[i], name))
        i++;
    return i;
}

/* Its list in the configuration, or NULL. */
static const fr_json *needs_of(const world *w, size_t index)
{
    return fr_json_at(fr_config_tree(w->config), "stacks", w->names.items[index], "depends_on",
                      (char *)NULL);
}

/* Whatever a stack depends on stands before it: one pass downwards marks what
 * `from` waits for, through others too. */
static int is_declared(const world *w, const char *from, const char *to)
{
    const size_t begin = place_of(w, from);
    const size_t end = place_of(w, to);
    char *marked = calloc(w->names.count + 1, 1);
    int declared = 0;

    if (marked != NULL && begin < w->names.count) {
        marked[begin] = 1;
        for (size_t i = begin + 1; i-- > end;) {
            const fr_json *need = marked[i] ? fr_json_first(needs_of(w, i)) : NULL;
            for (; need != NULL; need = fr_json_next(need))
                marked[place_of(w, fr_json_string(need))] = 1;
        }
        declared = marked[end];
    }
    free(marked);
    return declared;
}

/* ------------------------------------------------------------------------ adding */

static int same_edge(const fr_stack_edge *a, const fr_stack_edge *b)
{
    return a->kind == b->kind && a->line == b->line && fr_str_equal(a->from, b->from) &&
           fr_str_equal(a->to, b->to) && fr_str_equal(a->file, b->file);
}

static fr_stack_edge *find_same(const world *w, const fr_stack_edge *edge)
{
    for (size_t i = 0; i < w->edges->count; i++) {
        if (same_edge(w->edges->items[i], edge))
            return w->edges->items[i];
    }
    return NULL;
}

/* Takes `edge` over. */
static int32_t keep(world *w, fr_stack_edge *edge)
{
    fr_stack_edge *kept = find_same(w, edge);

    if (kept != NULL) {
        kept->declared &= edge->declared;
        fr_stack_edge_destroy(edge);
    } else if (fr_vec_push(w->edges, edge) == FRACTARY_OK) {
        kept = edge;
    } else {
        fr_stack_edge_destroy(edge);
        return FRACTARY_E_NOMEM;
    }
    fr_names_add(&kept->environments, w->environment);
    return kept->environments.failed ? FRACTARY_E_NOMEM : FRACTARY_OK;
}

/* One that the code shows. `to` may be NULL; `what` is borrowed. */
static int32_t add_edge(world *w, const reader *r, const char *to, fr_edge_kind kind,
                        const char *what)
{
    fr_stack_edge *edge = calloc(1, sizeof *edge);

    if (edge == NULL)
        return FRACTARY_E_NOMEM;
    *edge = (fr_stack_edge){.from = r->code->stack, .to = to, .kind = kind, .known = 1};
    edge->declared = to == NULL || is_declared(w, edge->from, to);
    edge->file = fr_path_relative(w->root, r->file->path);
    edge->line = r->block->line;
    edge->what = fr_str_dup(what);
    if (edge->file != NULL && edge->what != NULL)
        return keep(w, edge);
    fr_stack_edge_destroy(edge);
    return FRACTARY_E_NOMEM;
}

/* ------------------------------------------------------------------- remote states */

static int32_t find_owner(world *w, const reader *r, const fr_state_place *place, const char *what)
{
    int own = 0;
    int unknown = place->backend[0] == '\0';
    int found = 0;
    int32_t status = FRACTARY_OK;

    for (size_t i = 0; i < w->names.count && status == FRACTARY_OK; i++) {
        const fr_state_match match = fr_state_place_match(place, &w->places[i]);
        if (fr_str_equal(w->names.items[i], r->code->stack)) {
            own |= match == FR_STATE_SAME;
            continue;
        }
        unknown |= match == FR_STATE_UNKNOWN;
        found |= match == FR_STATE_SAME;
        if (match == FR_STATE_SAME)
            status = add_edge(w, r, w->names.items[i], FR_EDGE_REMOTE_STATE, what);
    }
    if (status != FRACTARY_OK || found || own)
        return status;
    const size_t before = w->edges->count;
    status = add_edge(w, r, NULL, FR_EDGE_REMOTE_STATE, what);
    if (status == FRACTARY_OK && w->edges->count > before)
        ((fr_stack_edge *)w->edges->items[before])->known = !unknown;
    return status;
}

static int32_t look_remote_state(world *w, const reader *r)
{
    const fr_code_base base = {r->folder->path, r->code->directory};
    fr_state_place place;
    fr_buf what = {0};
    int32_t status = fr_state_place_of_data(r->block, &base, &place);

    if (status == FRACTARY_OK) {
        fr_state_place_describe(&place, w->root, &what);
        status = find_owner(w, r, &place, fr_buf_text(&what));
    }
    fr_buf_finish(&what);
    fr_state_place_finish(&place);
    return status;
}

/* ------------------------------------------------------------------------- offers */

/* Calls `fits` with each resource; adds an edge to each stack that has one, none
 * at all when the stack itself has. */
static int32_t look_at_offers(world *w, const reader *r, fr_edge_kind kind, const char *what,
                              int (*fits)(const void *wanted, const fr_hcl_block *resource),
                              const void *wanted)
{
    const offer *offers = (const offer *)(const void *)w->offers.data;
    const size_t count = w->offers.length / sizeof *offers;
    fr_vec found = {0};
    int32_t status = FRACTARY_OK;

    for (size_t i = 0; i < count && status == FRACTARY_OK; i++) {
        if (!fits(wanted, offers[i].block))
            continue;
        if (fr_str_equal(offers[i].stack, r->code->stack)) {
            fr_vec_finish(&found, NULL);
            return FRACTARY_OK;
        }
        if (found.count == 0 || found.items[found.count - 1] != offers[i].stack)
            status = fr_vec_push(&found, (void *)(uintptr_t)offers[i].stack);
    }
    for (size_t i = 0; i < found.count && status == FRACTARY_OK; i++)
        status = add_edge(w, r, found.items[i], kind, what);
    fr_vec_finish(&found, NULL);
    return status;
}

static int is_offered(const fr_hcl_block *resource)
{
    return fr_str_equal(resource->labels[0], "aws_ssm_parameter") ||
           fr_hcl_attribute_of(resource, "tags") != NULL;
}

/* --------------------------------------------------------------------- parameters */

typedef struct parameter {
    const char *name;
    int below; /* all whose names begin with it */
} parameter;

static int has_name(const void *wanted, const fr_hcl_block *resource)
{
    const parameter *p = wanted;
    char *name = NULL;
    int fits = 0;

    if (!fr_str_equal(resource->labels[0], "aws_ssm_parameter") ||
        fr_hcl_literal_of(resource, "name", &name) != FRACTARY_OK || name == NULL)
        return 0;
    if (p->below)
        fits = fr_path_is_below(p->name, name) && !fr_str_equal(p->name, name);
    else
        fits = fr_str_equal(p->name, name);
    free(name);
    return fits;
}

static int32_t look_parameter(world *w, const reader *r, const char *key, int below)
{
    char *name = NULL;
    int32_t status = fr_hcl_literal_of(r->block, key, &name);

    if (name != NULL) {
        size_t length = strlen(name);
        while (below && length > 1 && name[length - 1] == '/')
            name[--length] = '\0';
        const parameter wanted = {name, below};
        status = look_at_offers(w, r, FR_EDGE_SSM, name, has_name, &wanted);
    }
    free(name);
    return status;
}

static int32_t look_ssm(world *w, const reader *r)
{
    return look_parameter(w, r, "name", 0);
}

static int32_t look_ssm_below(world *w, const reader *r)
{
    return look_parameter(w, r, "path", 1);
}

/* --------------------------------------------------------------------------- tags */

static int has_tags(const void *wanted, const fr_hcl_block *resource)
{
    return fr_tag_query_fits(wanted, resource);
}

static int32_t look_tags(world *w, const reader *r)
{
    fr_tag_query query;
    fr_buf what = {0};
    int32_t status = fr_tag_query_init(&query, r->block);

    fr_tag_query_describe(&query, &what);
    if (status == FRACTARY_OK && what.length > 0)
        status = look_at_offers(w, r, FR_EDGE_TAGS, fr_buf_text(&what), has_tags, &query);
    fr_buf_finish(&what);
    fr_tag_query_finish(&query);
    return status;
}

/* --------------------------------------------------------------------- the whole */

static const struct look {
    const char *type;
    int32_t (*look)(world *w, const reader *r);
} looks[] = {
    {"terraform_remote_state", look_remote_state},
    {"aws_ssm_parameter", look_ssm},
    {"aws_ssm_parameters_by_path", look_ssm_below},
};

static int32_t look_at(world *w, const reader *r)
{
    if (r->block->labels[0] == NULL)
        return FRACTARY_OK;
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
        if (fr_str_equal(looks[i].type, r->block->labels[0]))
            return looks[i].look(w, r);
    }
    return look_tags(w, r);
}

/* Calls `visit` for each block of a type in the code of all stacks. */
static int32_t each_block(world *w, const char *type, int32_t (*visit)(world *w, const reader *r))
{
    int32_t status = FRACTARY_OK;

    for (size_t i = 0; i < w->codes.count; i++) {
        const fr_stack_code *code = w->codes.items[i];
        for (size_t d = 0; d < code->folders.count; d++) {
            const fr_code_folder *folder = code->folders.items[d];
            for (size_t f = 0; f < folder->files.count; f++) {
                const fr_code_file *file = folder->files.items[f];
                const fr_hcl_block *b = fr_hcl_find(file->root, type, NULL);
                for (; b != NULL && status == FRACTARY_OK; b = fr_hcl_next(b))
                    status = visit(w, &(reader){code, folder, file, b});
            }
        }
    }
    return status;
}

static int32_t gather_offer(world *w, const reader *r)
{
    const offer one = {r->code->stack, r->block};

    return is_offered(r->block) ? fr_buf_append(&w->offers, &one, sizeof one) : FRACTARY_OK;
}

static int32_t add_need(world *w, const char *from, const char *to)
{
    fr_stack_edge *edge = calloc(1, sizeof *edge);

    if (edge == NULL)
        return FRACTARY_E_NOMEM;
    *edge = (fr_stack_edge){
        .from = from, .to = to, .kind = FR_EDGE_DEPENDS_ON, .known = 1, .declared = 1};
    edge->file = fr_str_dup(FR_CONFIG_FILE);
    if (edge->file != NULL)
        return keep(w, edge);
    fr_stack_edge_destroy(edge);
    return FRACTARY_E_NOMEM;
}

static int32_t add_needs(world *w)
{
    int32_t status = FRACTARY_OK;

    for (size_t i = 0; i < w->names.count; i++) {
        const fr_json *need = fr_json_first(needs_of(w, i));
        for (; need != NULL && status == FRACTARY_OK; need = fr_json_next(need)) {
            const size_t place = place_of(w, fr_json_string(need));
            if (place < w->names.count)
                status = add_need(w, w->names.items[i], w->names.items[place]);
        }
    }
    return status;
}

static int32_t read_codes(world *w, fractary_error *error)
{
    int32_t status = FRACTARY_OK;

    w->places = calloc(w->names.count + 1, sizeof *w->places);
    if (w->places == NULL)
        return fr_error_nomem(error);
    for (size_t i = 0; i < w->names.count && status == FRACTARY_OK; i++) {
        fr_stack_code *code = NULL;
        status = fr_stack_code_read(w->config, w->environment, w->names.items[i], &code, error);
        if (status != FRACTARY_OK)
            return status;
        fr_names_add_all(w->troubles, &code->troubles);
        status = fr_state_place_of_stack(code, &w->places[i]);
        if (status == FRACTARY_OK)
            status = fr_vec_push(&w->codes, code);
        if (status != FRACTARY_OK) {
            fr_stack_code_destroy(code);
            fr_error_nomem(error);
        }
    }
    return status;
}

static void world_finish(world *w)
{
    for (size_t i = 0; w->places != NULL && i < w->names.count; i++)
        fr_state_place_finish(&w->places[i]);
    free(w->places);
    fr_buf_finish(&w->offers);
    fr_vec_finish(&w->codes, fr_stack_code_destroy);
    fr_vec_finish(&w->names, NULL);
    free(w->root);
}

int32_t fr_stack_edges_find(const fr_config *config, const char *environment, fr_vec *edges,
                            fr_names *troubles, fractary_error *error)
{
    world w = {.config = config, .environment = environment, .edges = edges, .troubles = troubles};
    char *real = realpath(fr_config_root(config), NULL);

    w.root = real != NULL ? real : fr_str_dup(fr_config_root(config));
    int32_t status = fr_stack_order(config, environment, &w.names, error);
    if (status == FRACTARY_OK)
        status = read_codes(&w, error);
    if (status == FRACTARY_OK && w.root != NULL) {
        status = add_needs(&w);
        if (status == FRACTARY_OK)
            status = each_block(&w, "resource", gather_offer);
        if (status == FRACTARY_OK)
            status = each_block(&w, "data", look_at);
    }
    if (status != FRACTARY_OK || w.root == NULL || troubles->failed)
        status = fr_error_nomem(error);
    world_finish(&w);
    return status;
}

int32_t fr_stack_edges_find_all(const fr_config *config, fr_vec *edges, fr_names *troubles,
                                fractary_error *error)
{
    const char *name = NULL;
    int32_t status = FRACTARY_OK;

    for (size_t i = 0;
         status == FRACTARY_OK && (name = fr_config_environment_name(config, i)) != NULL; i++)
        status = fr_stack_edges_find(config, name, edges, troubles, error);
    return status;
}

int fr_stack_edge_warning(const fr_stack_edge *edge, fr_buf *out)
{
    static const char *const verbs[] = {
        [FR_EDGE_DEPENDS_ON] = "depends on",
        [FR_EDGE_REMOTE_STATE] = "reads the state of",
        [FR_EDGE_SSM] = "reads a parameter of",
        [FR_EDGE_TAGS] = "looks by tags for what is made by",
    };
    char line[32] = "";

    if (edge->to != NULL && edge->declared)
        return 0;
    if (edge->line > 0)
        snprintf(line, sizeof line, ":%zu", edge->line);
    if (edge->to != NULL)
        fr_buf_printf(out, "%s %s %s (%s%s) and does not name it in depends_on", edge->from,
                      verbs[edge->kind], edge->to, edge->file, line);
    else if (edge->known)
        fr_buf_printf(out, "%s reads a state that no stack here has: %s (%s%s)", edge->from,
                      edge->what, edge->file, line);
    return edge->to != NULL || edge->known;
}
