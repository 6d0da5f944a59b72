#include "project/stack_edges.h"

#include "unit/plugin_fixture.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

/* app reads from net; between them stands mid. */
static const char configuration[] =
    "{\"version\": 1, \"project\": {\"name\": \"shop\"}, \"handlers\": {\"iac\": "
    "\"iac-terraform\"},"
    "\"environments\": {\"test\": {\"stacks\": {\"net\": {\"plugins\": {\"iac-terraform\": {"
    "  \"backend_config\": [\"test.hcl\", \"bucket=states\"]}}},"
    "  \"ws\": {\"plugins\": {\"iac-terraform\": {\"workspace\": \"blue\"}}}}}},"
    "\"stacks\": {\"app\": {\"directory\": \"app\"%s}, \"mid\": {\"directory\": \"mid\", "
    "\"depends_on\": [\"net\"]},"
    "\"net\": {\"directory\": \"net\"}, \"ws\": {\"directory\": \"ws\"},"
    "\"loc\": {\"directory\": \"loc\"}, \"tfc\": {\"directory\": \"tfc\"}}}";

static char *folder;
static fr_config *config;
static fr_vec edges;
static fr_names troubles;

static void load(const char *needs)
{
    fractary_error error = FR_ERROR_INIT;
    char *text = fr_str_format(configuration, needs);

    ck_assert_msg(fr_config_from_tree(folder, fixture_json(text), &config, &error) == FRACTARY_OK,
                  "%s", error.message);
    free(text);
}

static void enter(void)
{
    folder = fixture_folder();
    edges = (fr_vec){0};
    troubles = (fr_names){0};
    fixture_write(folder, "net/main.tf",
                  "terraform {\n  backend \"s3\" {\n    bucket = \"none\"\n  }\n}\n"
                  "resource \"aws_ssm_parameter\" \"id\" {\n  name = \"/net/id\"\n}\n"
                  "resource \"aws_vpc\" \"v\" {\n  tags = merge(local.t, { Name = \"main\", Tier = "
                  "\"1\" })\n}\n"
                  "resource \"aws_subnet\" \"s\" {\n  tags = { Tier = \"1\" }\n}\n");
    fixture_write(folder, "net/test.hcl", "key = \"net/test.tfstate\"\n");
    fixture_write(folder, "mid/main.tf", "\n");
    fixture_write(
        folder, "ws/main.tf",
        "terraform {\n  backend \"gcs\" {\n    bucket = \"g\"\n    prefix = \"ws\"\n  }\n}\n");
    fixture_write(folder, "loc/main.tf", "\n");
    fixture_write(folder, "tfc/main.tf",
                  "terraform {\n  cloud {\n    organization = \"acme\"\n"
                  "    workspaces {\n      name = \"tfc-test\"\n    }\n  }\n}\n");
}

static void leave(void)
{
    fr_vec_finish(&edges, fr_stack_edge_destroy);
    fr_names_finish(&troubles);
    fr_config_free(config);
    fixture_remove(folder);
}

static void find(void)
{
    ck_assert_int_eq(fr_stack_edges_find(config, "test", &edges, &troubles, NULL), FRACTARY_OK);
}

/* The only edge of app's that no one has declared in the configuration. */
static const fr_stack_edge *only_edge(const char *what)
{
    const fr_stack_edge *found = NULL;

    for (size_t i = 0; i < edges.count; i++) {
        const fr_stack_edge *edge = edges.items[i];
        if (!fr_str_equal(edge->from, "app") || edge->kind == FR_EDGE_DEPENDS_ON)
            continue;
        ck_assert_msg(found == NULL, "%s: more than one edge", what);
        found = edge;
    }
    return found;
}

#define STATE(backend, config)                                                                     \
    "# first line\ndata \"terraform_remote_state\" \"x\" {\n  backend = " backend "\n  " config    \
    "\n}\n"
#define S3(inner)   STATE("\"s3\"", "config = {\n" inner "\n  }")
#define LOCAL(path) STATE("\"local\"", "config = { path = \"" path "\" }")

static const struct sight {
    const char *code;
    const char *to; /* "-": no edge; NULL: one that leads nowhere */
    fr_edge_kind kind;
    int known;
} sights[] = {
    /* remote states */
    {S3("bucket = \"states\"\nkey = \"net/test.tfstate\""), "net", FR_EDGE_REMOTE_STATE, 1},
    {S3("bucket = var.bucket\nkey = \"net/test.tfstate\""), "net", FR_EDGE_REMOTE_STATE, 1},
    {S3("bucket = \"other\"\nkey = \"net/test.tfstate\""), NULL, FR_EDGE_REMOTE_STATE, 1},
    {S3("bucket = \"states\"\nkey = \"net/prod.tfstate\""), NULL, FR_EDGE_REMOTE_STATE, 1},
    {S3("bucket = \"states\"\nkey = \"net/${var.env}.tfstate\""), NULL, FR_EDGE_REMOTE_STATE, 0},
    {STATE("var.kind", "config = {}"), NULL, FR_EDGE_REMOTE_STATE, 0},
    {STATE("\"s3\"",
           "workspace = \"red\"\nconfig = { bucket = \"states\", key = \"net/test.tfstate\" }"),
     NULL, FR_EDGE_REMOTE_STATE, 1},
    {STATE("\"gcs\"", "workspace = \"blue\"\nconfig = { bucket = \"g\", prefix = \"ws\" }"), "ws",
     FR_EDGE_REMOTE_STATE, 1},
    {STATE("\"gcs\"",
           "workspace = terraform.workspace\nconfig = { bucket = \"g\", prefix = \"ws\" }"),
     "ws", FR_EDGE_REMOTE_STATE, 1},
    {STATE("\"gcs\"", "config = { bucket = \"g\", prefix = \"ws\" }"), NULL, FR_EDGE_REMOTE_STATE,
     1},
    {STATE("\"remote\"",
           "config = {\n organization = \"acme\"\n workspaces = { name = \"tfc-test\" }\n}"),
     "tfc", FR_EDGE_REMOTE_STATE, 1},
    {LOCAL("../loc/terraform.tfstate"), "loc", FR_EDGE_REMOTE_STATE, 1},
    {LOCAL("${path.module}/../loc/terraform.tfstate"), "loc", FR_EDGE_REMOTE_STATE, 1},
    {LOCAL("../loc/other.tfstate"), NULL, FR_EDGE_REMOTE_STATE, 1},
    {LOCAL("terraform.tfstate"), "-", FR_EDGE_REMOTE_STATE, 1},
    /* parameters */
    {"data \"aws_ssm_parameter\" \"x\" {\n  name = \"/net/id\"\n}\n", "net", FR_EDGE_SSM, 1},
    {"data \"aws_ssm_parameter\" \"x\" {\n  name = \"/net/other\"\n}\n", "-", FR_EDGE_SSM, 1},
    {"data \"aws_ssm_parameter\" \"x\" {\n  name = \"/${var.n}/id\"\n}\n", "-", FR_EDGE_SSM, 1},
    {"data \"aws_ssm_parameters_by_path\" \"x\" {\n  path = \"/net/\"\n}\n", "net", FR_EDGE_SSM, 1},
    {"data \"aws_ssm_parameters_by_path\" \"x\" {\n  path = \"/ne\"\n}\n", "-", FR_EDGE_SSM, 1},
    {"data \"aws_ssm_parameter\" \"x\" {\n  name = \"/net/id\"\n}\n"
     "resource \"aws_ssm_parameter\" \"own\" {\n  name = \"/net/id\"\n}\n",
     "-", FR_EDGE_SSM, 1},
    /* tags */
    {"data \"aws_vpc\" \"x\" {\n  tags = { Name = \"main\" }\n}\n", "net", FR_EDGE_TAGS, 1},
    {"data \"aws_vpc\" \"x\" {\n  tags = {\n    Name = \"main\"\n    Tier = \"1\"\n  }\n}\n", "net",
     FR_EDGE_TAGS, 1},
    {"data \"aws_vpc\" \"x\" {\n  tags = { Name = \"main\", Tier = \"2\" }\n}\n", "-", FR_EDGE_TAGS,
     1},
    {"data \"aws_vpc\" \"x\" {\n  tags = { Name = \"main\", Tier = var.t }\n}\n", "-", FR_EDGE_TAGS,
     1},
    {"data \"aws_vpc\" \"x\" {\n  tags = local.t\n}\n", "-", FR_EDGE_TAGS, 1},
    {"data \"aws_vpc\" \"x\" {\n  filter {\n    name = \"tag:Name\"\n    values = [\"main\"]\n  "
     "}\n}\n",
     "net", FR_EDGE_TAGS, 1},
    {"data \"aws_vpc\" \"x\" {\n  filter {\n    name = \"cidr\"\n    values = [\"main\"]\n  }\n}\n",
     "-", FR_EDGE_TAGS, 1},
    {"data \"aws_subnets\" \"x\" {\n  filter {\n    name = \"tag:Tier\"\n    values = [\"1\"]\n  "
     "}\n}\n",
     "net", FR_EDGE_TAGS, 1},
    {"data \"aws_subnet_ids\" \"x\" {\n  tags = { Tier = \"1\" }\n}\n", "net", FR_EDGE_TAGS, 1},
    {"data \"aws_route_table\" \"x\" {\n  tags = { Tier = \"1\" }\n}\n", "-", FR_EDGE_TAGS, 1},
};

START_TEST(what_the_code_shows)
{
    const struct sight *sight = &sights[_i];

    fixture_write(folder, "app/main.tf", sight->code);
    load("");
    find();
    const fr_stack_edge *edge = only_edge(sight->code);
    if (fr_str_equal(sight->to, "-")) {
        ck_assert_msg(edge == NULL, "an edge by %s", sight->code);
        return;
    }
    ck_assert_msg(edge != NULL, "no edge by %s", sight->code);
    ck_assert_msg(fr_str_equal(edge->to, sight->to), "%s: leads to %s", sight->code,
                  edge->to != NULL ? edge->to : "nothing");
    ck_assert_int_eq((int)edge->kind, (int)sight->kind);
    ck_assert_int_eq(edge->known, sight->known);
    ck_assert_str_eq(edge->file, "app/main.tf");
    ck_assert_uint_eq(edge->line, sight->kind == FR_EDGE_REMOTE_STATE ? 2 : 1);
    ck_assert(fr_names_has(&edge->environments, "test"));
    ck_assert_uint_eq(fr_names_count(&troubles), 0);
}
END_TEST

static const struct declaration {
    const char *needs;
    int declared;
} declarations[] = {
    {"", 0},
    {", \"depends_on\": [\"net\"]", 1},
    {", \"depends_on\": [\"mid\"]", 1}, /* which depends on net */
    {", \"depends_on\": [\"ws\"]", 0},
};

START_TEST(declared_or_not)
{
    const struct declaration *row = &declarations[_i];
    fr_buf sentence = {0};

    fixture_write(folder, "app/main.tf", sights[0].code);
    load(row->needs);
    find();
    const fr_stack_edge *edge = only_edge(row->needs);
    ck_assert_ptr_nonnull(edge);
    ck_assert_int_eq(edge->declared, row->declared);
    ck_assert_int_eq(fr_stack_edge_warning(edge, &sentence), !row->declared);
    if (!row->declared)
        ck_assert_str_eq(fr_buf_text(&sentence), "app reads the state of net (app/main.tf:2) and "
                                                 "does not name it in depends_on");
    fr_buf_finish(&sentence);
}
END_TEST

START_TEST(a_state_that_no_stack_has)
{
    fr_buf sentence = {0};

    fixture_write(folder, "app/main.tf", sights[3].code);
    load("");
    find();
    ck_assert(fr_stack_edge_warning(only_edge("nobody's"), &sentence));
    ck_assert_str_eq(fr_buf_text(&sentence), "app reads a state that no stack here has: s3 key "
                                             "net/prod.tfstate (app/main.tf:2)");
    fr_buf_finish(&sentence);
}
END_TEST

START_TEST(a_data_source_inside_a_module)
{
    fixture_write(folder, "app/main.tf", "module \"m\" {\n  source = \"../m\"\n}\n");
    fixture_write(folder, "m/data.tf", LOCAL("${path.module}/../loc/terraform.tfstate"));
    load("");
    find();
    const fr_stack_edge *edge = only_edge("module");
    ck_assert_ptr_nonnull(edge);
    ck_assert_str_eq(edge->to, "loc");
    ck_assert_str_eq(edge->file, "m/data.tf");
}
END_TEST

START_TEST(dependencies_of_the_configuration)
{
    fixture_write(folder, "app/main.tf", "\n");
    load(", \"depends_on\": [\"mid\"]");
    find();
    find(); /* once more: nothing doubles */
    ck_assert_uint_eq(edges.count, 2);
    const fr_stack_edge *edge = edges.items[0];
    ck_assert_str_eq(edge->from, "mid");
    ck_assert_str_eq(edge->to, "net");
    ck_assert_str_eq(fr_edge_kind_name(edge->kind), "depends_on");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stack_edges");
    TCase *tcase = tcase_create("edges");

    tcase_add_checked_fixture(tcase, enter, leave);
    tcase_add_loop_test(tcase, what_the_code_shows, 0, sizeof sights / sizeof *sights);
    tcase_add_loop_test(tcase, declared_or_not, 0, sizeof declarations / sizeof *declarations);
    tcase_add_test(tcase, a_state_that_no_stack_has);
    tcase_add_test(tcase, a_data_source_inside_a_module);
    tcase_add_test(tcase, dependencies_of_the_configuration);
    suite_add_tcase(suite, tcase);
    return fixture_run(suite);
}
