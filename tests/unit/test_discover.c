#include "project/discover.h"

#include "base/file.h"
#include "base/path.h"
#include "project/environment_name.h"
#include "unit/plugin_fixture.h"
#include <fractary-plugin/str.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *folder;

static void enter(void)
{
    folder = fixture_folder();
}

static void leave(void)
{
    fixture_remove(folder);
}

static fr_json *discover(void)
{
    const fr_discover_options options = {.start = folder, .home = folder, .here = 1};
    fractary_error error = FR_ERROR_INIT;
    fr_json *found = NULL;

    ck_assert_msg(fr_discover(&options, &found, &error) == FRACTARY_OK, "%s: %s", error.message,
                  error.cause);
    return found;
}

/* A JSON text in which single quotes stand for double ones. */
static fr_json *quoted(const char *text)
{
    char *copy = fr_str_dup(text);

    for (char *at = copy; *at != '\0'; at++)
        *at = *at == '\'' ? '"' : *at;
    fr_json *tree = fixture_json(copy);
    free(copy);
    return tree;
}

/* Each member of `wanted` must stand in `found` as it is. */
static void expect(const fr_json *found, const char *wanted, const char *what)
{
    fr_json *members = quoted(wanted);

    for (const fr_json *m = fr_json_first(members); m != NULL; m = fr_json_next(m)) {
        const fr_json *value = fr_json_get(found, fr_json_key(m));
        fr_buf is = {0};
        fr_json_print(value, &is);
        ck_assert_msg(fr_json_equal(value, m), "%s: %s is %s", what, fr_json_key(m),
                      fr_buf_text(&is));
        fr_buf_finish(&is);
    }
    fr_json_free(members);
}

/* --------------------------------------------------------------------- layouts */

#define AWS          "provider \"aws\" {\n  region = \"eu-west-1\"\n}\n"
#define S3_BACKEND   "terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n    key = \"k\"\n  }\n}\n"
#define PARTIAL      "terraform {\n  backend \"s3\" {}\n}\n"
#define BUCKET       "resource \"aws_s3_bucket\" \"b\" {\n}\n"
#define CALL(source) "module \"m\" {\n  source = \"" source "\"\n}\n"

static const struct layout {
    const char *name;
    struct {
        const char *path, *text;
    } files[14];
    const char *found;
} layouts[] = {
    {"nothing at all",
     {{"README.md", "x"}},
     "{'iac':null,'layout':null,'terraform_dirs':[],'environments':[],'backend':'none',"
     "'providers':[],'regions':[],'modules':[],'var_files':[],'profiles':[]}"},
    {"flat",
     {{"main.tf", AWS BUCKET}, {"terraform.tfvars", "x = 1\n"}},
     "{'iac':'terraform','layout':'flat','terraform_dirs':['.'],'environments':[],"
     "'backend':'none','providers':['aws'],'regions':['eu-west-1'],'modules':[],"
     "'var_files':['terraform.tfvars'],'automatic_files':['terraform.tfvars'],'ignored_files':[]}"},
    {"flat in a folder, with modules",
     {{"infra/main.tf", S3_BACKEND AWS CALL("./modules/app") CALL("terraform-aws-modules/vpc/aws")},
      {"infra/modules/app/main.tf",
       BUCKET "terraform {\n required_providers {\n random = {}\n }\n}\n"},
      {"infra/modules/unused/main.tf", BUCKET}},
     "{'layout':'flat','terraform_dirs':['infra'],'backend':'s3','providers':['aws','random'],"
     "'modules':['infra/modules/app','infra/modules/unused']}"},
    {"a folder for each environment",
     {{"environments/test/main.tf", S3_BACKEND AWS CALL("../../modules/app")},
      {"environments/prod/main.tf", S3_BACKEND CALL("../../modules/app")},
      {"environments/prod/terraform.tfvars", "region = \"us-east-1\"\n"},
      {"environments/common/README.md", ""},
      {"modules/app/main.tf", BUCKET}},
     "{'layout':'env-folders','terraform_dirs':['environments/prod','environments/test'],"
     "'environments':['prod','test'],'backend':'s3','regions':['eu-west-1','us-east-1'],"
     "'modules':['modules/app'],'var_files':['environments/prod/terraform.tfvars'],"
     "'automatic_files':['environments/prod/terraform.tfvars'],"
     "'per_environment':{'prod':{'directory':'environments/prod',"
     "'directories':['environments/prod'],'var_files':[],'backend_config':[],'workspace':null,"
     "'region':'us-east-1'},'test':{'directory':'environments/test',"
     "'directories':['environments/test'],'var_files':[],'backend_config':[],'workspace':null,"
     "'region':'eu-west-1'}}}"},
    {"environments of any name in a container, deep down",
     {{"deploy/terraform/envs/blue/main.tf", BUCKET},
      {"deploy/terraform/envs/green/main.tf", BUCKET}},
     "{'layout':'env-folders','environments':['blue','green'],"
     "'terraform_dirs':['deploy/terraform/envs/blue','deploy/terraform/envs/green']}"},
    {"environments by word alone, with a bootstrap folder",
     {{"infra/dev/main.tf", BUCKET},
      {"infra/prod-eu/main.tf", BUCKET},
      {"bootstrap/main.tf", BUCKET}},
     "{'layout':'env-folders','environments':['dev','prod-eu'],"
     "'terraform_dirs':['bootstrap','infra/dev','infra/prod-eu']}"},
    {"environment folders that call the root",
     {{"main.tf", BUCKET},
      {"environments/test/main.tf", CALL("../..")},
      {"environments/prod/main.tf", CALL("../../")}},
     "{'layout':'env-folders','terraform_dirs':['environments/prod','environments/test'],"
     "'modules':['.']}"},
    {"one folder for the only environment",
     {{"envs/test/main.tf", BUCKET}},
     "{'layout':'env-folders','environments':['test'],'terraform_dirs':['envs/test']}"},
    {"var files beside the code",
     {{"main.tf", PARTIAL "variable \"aws_region\" {\n  default = \"eu-north-1\"\n}\n" BUCKET},
      {"test.tfvars", "aws_region = \"eu-west-1\"\npassword = \"us-west-2\"\n"},
      {"orders-prod.tfvars", "x = 1\n"},
      {"common.tfvars", "y = 1\n"}},
     "{'layout':'var-files','environments':['prod','test'],'backend':'partial',"
     "'regions':['eu-north-1','eu-west-1'],"
     "'var_files':['common.tfvars','orders-prod.tfvars','test.tfvars'],"
     "'per_environment':{'prod':{'directory':'.','directories':['.'],"
     "'var_files':['common.tfvars','orders-prod.tfvars'],'backend_config':[],'workspace':null,"
     "'region':'eu-north-1'},'test':{'directory':'.','directories':['.'],"
     "'var_files':['common.tfvars','test.tfvars'],'backend_config':[],'workspace':null,"
     "'region':'eu-west-1'}}}"},
    {"var files in folders, with files for the backend",
     {{"infra/main.tf", PARTIAL BUCKET},
      {"infra/environments/test.tfvars", ""},
      {"infra/environments/customer1.tfvars.json", "{\"region\":\"eu-west-3\"}"},
      {"infra/backends/backend-test.hcl", "bucket = \"x\"\n"},
      {"infra/prod.s3.tfbackend", "bucket = \"x\"\n"}},
     "{'layout':'var-files','environments':['customer1','prod','test'],"
     "'backend_files':['infra/backends/backend-test.hcl','infra/prod.s3.tfbackend'],"
     "'regions':['eu-west-3'],"
     "'per_environment':{'customer1':{'directory':'infra','directories':['infra'],"
     "'var_files':['environments/customer1.tfvars.json'],'backend_config':[],'workspace':null,"
     "'region':'eu-west-3'},'prod':{'directory':'infra','directories':['infra'],'var_files':[],"
     "'backend_config':['prod.s3.tfbackend'],'workspace':null,'region':null},"
     "'test':{'directory':'infra','directories':['infra'],"
     "'var_files':['environments/test.tfvars'],'backend_config':['backends/backend-test.hcl'],"
     "'workspace':null,'region':null}}}"},
    {"var files outside the code's folder",
     {{"terraform/main.tf", BUCKET},
      {"config/dev/terraform.tfvars", ""},
      {"config/pre-prod.tfvars", ""}},
     "{'layout':'var-files','environments':['dev','pre-prod'],"
     "'per_environment':{'dev':{'directory':'terraform','directories':['terraform'],"
     "'var_files':['../config/dev/terraform.tfvars'],'backend_config':[],'workspace':null,"
     "'region':null},'pre-prod':{'directory':'terraform','directories':['terraform'],"
     "'var_files':['../config/pre-prod.tfvars'],'backend_config':[],'workspace':null,"
     "'region':null}}}"},
    {"values that Terraform reads by itself are no environment's",
     {{"main.tf", BUCKET}, {"prod.auto.tfvars", ""}, {"terraform.tfvars.json", "{}"}},
     "{'layout':'flat','environments':[],"
     "'var_files':['prod.auto.tfvars','terraform.tfvars.json'],"
     "'automatic_files':['prod.auto.tfvars','terraform.tfvars.json']}"},
    {"workspaces by a map",
     {{"main.tf", BUCKET "locals {\n  sizes = {\n    test = 1\n    \"prod\" = var.x ? big : small\n"
                         "    default = { inner = 9 }\n  }\n"
                         "  size = local.sizes[terraform.workspace]\n}\n"}},
     "{'layout':'workspaces','environments':['prod','test'],'workspaces':['prod','test']}"},
    {"workspaces by comparison, look-up, list and alias",
     {{"main.tf", BUCKET "locals {\n  env = terraform.workspace\n"
                         "  a = terraform.workspace == \"prod\" ? 1 : 0\n"
                         "  b = lookup(var.m, local.env, 1)\n"
                         "  c = contains([\"qa\", \"uat\"], local.env)\n"
                         "  e = \"stg\" == local.env\n"
                         "  d = { sbx = 1, demo : 2 }[local.env]\n}\n"},
      {"variables.tf", "variable \"m\" {\n  default = {\n    dev = 1\n  }\n}\n"}},
     "{'layout':'workspaces','environments':['demo','dev','prod','qa','sbx','stg','uat']}"},
    {"workspaces in a template and in local state",
     {{"main.tf",
       "resource \"aws_s3_bucket\" \"b\" {\n  bucket = \"x-${terraform.workspace}\"\n}\n"},
      {"terraform.tfstate.d/test/terraform.tfstate", "{}"},
      {"terraform.tfstate.d/prod/terraform.tfstate", "{}"}},
     "{'layout':'workspaces','environments':['prod','test']}"},
    {"a workspace that somebody has chosen",
     {{"infra/main.tf", BUCKET}, {"infra/.terraform/environment", "blue"}},
     "{'layout':'workspaces','environments':['blue']}"},
    {"the default workspace is none",
     {{"main.tf", BUCKET}, {".terraform/environment", "default"}},
     "{'layout':'flat','environments':[],'workspaces':[]}"},
    {"the region of the provider without an alias",
     {{"providers.tf", "provider \"aws\" {\n  alias = \"us\"\n  region = \"us-east-1\"\n}\n"
                       "provider \"aws\" {\n  region = var.home\n}\n"},
      {"variables.tf", "variable \"home\" {\n  default = \"eu-west-1\"\n}\n"},
      {"test.tfvars", ""},
      {"prod.tfvars", "a_region = \"eu-west-2\"\nb_region = \"eu-west-3\"\n"}},
     "{'regions':['eu-west-2','eu-west-3','us-east-1'],"
     "'per_environment':{'prod':{'directory':'.','directories':['.'],'var_files':['prod.tfvars'],"
     "'backend_config':[],'workspace':null,'region':null},"
     "'test':{'directory':'.','directories':['.'],'var_files':['test.tfvars'],"
     "'backend_config':[],'workspace':null,'region':'eu-west-1'}}}"},
    {"the only environment's folder calls the root",
     {{"main.tf", BUCKET}, {"environments/test/main.tf", CALL("../..")}},
     "{'layout':'env-folders','terraform_dirs':['environments/test'],'environments':['test']}"},
    {"what alone calls a folder above itself is its test",
     {{"main.tf", BUCKET}, {"wrapper/main.tf", CALL("..")}},
     "{'layout':'flat','terraform_dirs':['.']}"},
    {"a module with a state of its own",
     {{"infra/main.tf", CALL("./state")}, {"infra/state/main.tf", S3_BACKEND BUCKET}},
     "{'terraform_dirs':['infra','infra/state'],'modules':['infra/state']}"},
    {"what makes the place for the state does not count",
     {{"envs/test/main.tf", BUCKET},
      {"envs/prod/main.tf", BUCKET},
      {"core/prod/bootstrap/main.tf", BUCKET}},
     "{'layout':'env-folders','environments':['prod','test']}"},
    {"only what makes the place for the state",
     {{"bootstrap/main.tf", BUCKET}},
     "{'layout':'flat','terraform_dirs':['bootstrap'],'per_environment':{}}"},
    {"folders of environments with values elsewhere",
     {{"envs/test/main.tf", BUCKET},
      {"envs/prod/main.tf", BUCKET},
      {"envs/prod/prod.tfvars", ""},
      {"values/test.tfvars", ""},
      {"environments/x.auto.tfvars", ""}},
     "{'environments':['prod','test'],"
     "'per_environment':{'prod':{'directory':'envs/prod','directories':['envs/prod'],"
     "'var_files':['prod.tfvars'],'backend_config':[],'workspace':null,'region':null},"
     "'test':{'directory':'envs/test','directories':['envs/test'],"
     "'var_files':['../../values/test.tfvars'],'backend_config':[],'workspace':null,"
     "'region':null}}}"},
    {"what cannot be a region",
     {{"main.tf", BUCKET "variable \"region\" {\n  default = \"Not A Region 1\"\n}\n"
                         "locals {\n  my_region = \"${var.region}-1\"\n}\n"},
      {"test.tfvars", "region = \"eu west 1\"\n"}},
     "{'regions':[]}"},
    {"workspace in a comment is none",
     {{"main.tf", BUCKET "# terraform.workspace == \"prod\"\n"}},
     "{'layout':'flat','environments':[]}"},
    {"live and modules",
     {{"live/test/vpc/main.tf", CALL("../../../modules/vpc")},
      {"live/test/app/main.tf", CALL("../../../modules/app")},
      {"live/acme-prod/app/main.tf", CALL("../../../modules/app")},
      {"modules/app/main.tf", BUCKET},
      {"modules/vpc/main.tf", BUCKET}},
     "{'layout':'modules-live','environments':['acme-prod','test'],"
     "'terraform_dirs':['live/acme-prod/app','live/test/app','live/test/vpc'],"
     "'modules':['modules/app','modules/vpc']}"},
    {"monorepo",
     {{"services/billing/infra/main.tf", S3_BACKEND BUCKET},
      {"services/orders/infra/main.tf", BUCKET}},
     "{'layout':'monorepo','environments':[],"
     "'terraform_dirs':['services/billing/infra','services/orders/infra']}"},
    {"monorepo with environments of each service",
     {{"a/envs/test/main.tf", BUCKET},
      {"a/envs/prod/main.tf", BUCKET},
      {"b/envs/test/main.tf", BUCKET}},
     "{'layout':'monorepo','environments':['prod','test'],"
     "'terraform_dirs':['a/envs/prod','a/envs/test','b/envs/test']}"},
    {"a module with examples and tests",
     {{"main.tf", BUCKET},
      {"examples/simple/main.tf", CALL("../..")},
      {"tests/setup/main.tf", CALL("../..")},
      {"examples/simple/test.tfvars", ""}},
     "{'layout':'flat','terraform_dirs':['.'],'environments':[],'modules':[],'var_files':[]}"},
    {"a module with a Go test",
     {{"main.tf", BUCKET}, {"test/main.tf", BUCKET}, {"test/x_test.go", ""}},
     "{'layout':'flat','terraform_dirs':['.'],'environments':[]}"},
    {"examples where there is nothing else",
     {{"examples/quickstart/main.tf", AWS BUCKET}, {"examples/quickstart/test.tfvars", ""}},
     "{'layout':'var-files','terraform_dirs':['examples/quickstart'],'environments':['test'],"
     "'providers':['aws'],'var_files':['examples/quickstart/test.tfvars']}"},
    {"what is no code of the project",
     {{"main.tf", BUCKET},
      {".terraform/modules/x/main.tf", "provider \"google\" {}\n"},
      {"node_modules/x/main.tf", "provider \"azurerm\" {}\n"},
      {"vendor/x/main.tf", BUCKET},
      {".hidden.tf", "provider \"oci\" {}\n"}},
     "{'layout':'flat','terraform_dirs':['.'],'providers':['aws']}"},
    {"JSON and OpenTofu",
     {{"main.tf.json", "{\"provider\":{\"google\":{\"region\":\"europe-west1\"}},"
                       "\"terraform\":{\"backend\":{\"gcs\":{\"bucket\":\"b\"}}}}"},
      {"extra.tofu", "resource \"random_pet\" \"x\" {\n}\n"}},
     "{'iac':'opentofu','backend':'gcs','providers':['google','random'],"
     "'regions':['europe-west1']}"},
    {"OpenTofu by its lock file",
     {{"main.tf", BUCKET},
      {".terraform.lock.hcl", "provider \"registry.opentofu.org/hashicorp/aws\" {}\n"}},
     "{'iac':'opentofu'}"},
    {"cloud block",
     {{"main.tf", "terraform {\n  cloud {\n    organization = \"acme\"\n    workspaces {\n"
                  "      name = \"x\"\n    }\n  }\n}\n"}},
     "{'backend':'remote','providers':[]}"},
    {"remote backend",
     {{"main.tf", "terraform {\n backend \"remote\" {\n organization = \"a\"\n}\n}\n"}},
     "{'backend':'remote'}"},
    {"local backend",
     {{"main.tf", "terraform {\n backend \"local\" {}\n}\n"}},
     "{'backend':'local'}"},
    {"azure backend",
     {{"main.tf", "terraform {\n backend \"azurerm\" {\n key = \"a\"\n}\n}\n"}},
     "{'backend':'partial'}"},
    {"an unusual backend",
     {{"main.tf", "terraform {\n backend \"pg\" {}\n}\n"}},
     "{'backend':'pg'}"},
    {"providers by their resources",
     {{"main.tf", "resource \"terraform_data\" \"x\" {\n}\ndata \"archive_file\" \"z\" {\n}\n"
                  "resource \"google_x\" \"y\" {\n  provider = google-beta\n}\n"
                  "provider \"aws\" {\n  alias = \"us\"\n  region = var.r\n}\n"}},
     "{'providers':['archive','aws','google-beta'],'regions':[]}"},
    {"other tools",
     {{"live/test/vpc/terragrunt.hcl", ""},
      {"modules/vpc/main.tf", BUCKET},
      {"cdk.json", "{}"},
      {"charts/x/Chart.yaml", ""}},
     "{'iac':'terragrunt','layout':'modules-live','terraform_dirs':[],'environments':[],"
     "'modules':['modules/vpc'],'terragrunt_units':['live/test/vpc']}"},
    /* ---- real layouts, each with what must come of it */
    {"examples of var files belong to nothing",
     {{"main.tf", BUCKET},
      {"example.tfvars", "region = \"us-east-1\"\n"},
      {"prod.tfvars.example", ""},
      {"terraform.tfvars.sample", ""},
      {"sample-test.tfvars", ""},
      {"envs/template.tfvars", ""},
      {"secrets.tfvars", ""},
      {"prod.tfvars", ""}},
     "{'layout':'var-files','environments':['prod'],'var_files':['prod.tfvars','secrets.tfvars'],"
     "'ignored_files':['envs/template.tfvars','example.tfvars','prod.tfvars.example',"
     "'sample-test.tfvars','secrets.tfvars','terraform.tfvars.sample'],'regions':[],"
     "'per_environment':{'prod':{'directory':'.','directories':['.'],'var_files':['prod.tfvars'],"
     "'backend_config':[],'workspace':null,'region':null}}}"},
    {"var files for all, at every place where they lie",
     {{"infra/main.tf", BUCKET},
      {"infra/all.tfvars", "region = \"eu-west-1\"\n"},
      {"infra/vars/vars-common.tfvars", ""},
      {"infra/vars/test/test.tfvars", ""},
      {"infra/vars/prod/prod.tfvars",
       "aws_region = \"eu-west-2\"\nreplica_region = \"us-east-1\"\n"},
      {"other/global.tfvars", ""}},
     "{'layout':'var-files','environments':['prod','test'],"
     "'per_environment':{'prod':{'directory':'infra','directories':['infra'],"
     "'var_files':['all.tfvars','vars/vars-common.tfvars','vars/prod/prod.tfvars'],"
     "'backend_config':[],'workspace':null,'region':'eu-west-2'},"
     "'test':{'directory':'infra','directories':['infra'],"
     "'var_files':['all.tfvars','vars/vars-common.tfvars','vars/test/test.tfvars'],"
     "'backend_config':[],'workspace':null,'region':'eu-west-1'}}}"},
    {"one environment's region is not another's",
     {{"main.tf", "variable \"region\" {}\nprovider \"aws\" {\n  region = var.region\n}\n"},
      {"test.tfvars", "region = \"eu-west-1\"\n"},
      {"prod.tfvars", ""}},
     "{'regions':['eu-west-1'],'per_environment':{'prod':{'directory':'.','directories':['.'],"
     "'var_files':['prod.tfvars'],'backend_config':[],'workspace':null,'region':null},"
     "'test':{'directory':'.','directories':['.'],'var_files':['test.tfvars'],"
     "'backend_config':[],'workspace':null,'region':'eu-west-1'}}}"},
    {"what Terraform reads by itself says where all are",
     {{"main.tf", BUCKET},
      {"terraform.tfvars", "region = \"eu-west-1\"\n"},
      {"test.tfvars", ""},
      {"prod.tfvars", "region = \"eu-west-2\"\n"}},
     "{'automatic_files':['terraform.tfvars'],'var_files':['prod.tfvars','terraform.tfvars','test.tfvars'],"
     "'per_environment':{'prod':{'directory':'.','directories':['.'],'var_files':['prod.tfvars'],"
     "'backend_config':[],'workspace':null,'region':'eu-west-2'},"
     "'test':{'directory':'.','directories':['.'],'var_files':['test.tfvars'],"
     "'backend_config':[],'workspace':null,'region':'eu-west-1'}}}"},
    {"each form of a partial backend's files",
     {{"main.tf", PARTIAL BUCKET},
      {"backend-test.hcl", "bucket = \"b\"\n"},
      {"prod.s3.tfbackend", "bucket = \"b\"\n"},
      {"config/dev.backend.hcl", "key = \"k\"\n"},
      {"backend/qa.hcl", "bucket = \"b\"\n"},
      {"env/uat/backend.conf", "bucket = \"b\"\n"},
      {"stg.backend.tfvars", "key = \"k\"\n"},
      {"prod.eu-west-1.s3.tfbackend", "key = \"k\"\n"},
      {"nginx/test/backend.conf", "upstream x { server 1; }\n"},
      {"dev-backend.tfvars", "instances = 3\n"},
      {"example.s3.tfbackend", "bucket = \"b\"\n"}},
     "{'backend':'partial','backend_files':['backend-test.hcl','backend/qa.hcl',"
     "'config/dev.backend.hcl','env/uat/backend.conf','prod.eu-west-1.s3.tfbackend',"
     "'prod.s3.tfbackend','stg.backend.tfvars'],'var_files':['dev-backend.tfvars'],"
     "'environments':['dev','prod','prod.eu-west-1','qa','stg','test','uat'],'unread':[]}"},
    {"settings of the backend that all have in common",
     {{"infra/main.tf", PARTIAL BUCKET},
      {"infra/backend.hcl", "bucket = \"b\"\n"},
      {"infra/backends/common.hcl", "region = \"eu-west-1\"\n"},
      {"infra/backends/test.hcl", "key = \"k\"\n"},
      {"nginx/backend.conf", ""}},
     "{'per_environment':{'test':{'directory':'infra','directories':['infra'],'var_files':[],"
     "'backend_config':['backend.hcl','backends/common.hcl','backends/test.hcl'],"
     "'workspace':null,'region':null}}}"},
    {"Terragrunt with the code in a plain folder",
     {{"live/terragrunt.hcl", "remote_state {\n}\n"},
      {"live/prod/app/terragrunt.hcl", "terraform {\n  source = \"../../../app\"\n}\n"},
      {"live/prod/env.tfvars", ""},
      {"app/main.tf", PARTIAL BUCKET},
      {"app/examples/simple/main.tf", CALL("../..")}},
     "{'iac':'terragrunt','layout':'modules-live','terraform_dirs':[],'environments':[],"
     "'modules':['app'],'terragrunt_units':['live/prod/app'],'per_environment':{}}"},
    {"Terragrunt beside root modules",
     {{"live/prod/app/terragrunt.hcl",
       "terraform {\n  source = \"${get_repo_root()}//code/app?ref=v1\"\n}\n"},
      {"live/prod/env.tfvars", ""},
      {"live/test/vpc/terragrunt.hcl",
       "terraform {\n  source = \"git::https://h/x//code/vpc\"\n}\n"},
      {"live/test/vpc/main.tf", BUCKET},
      {"code/app/main.tf", BUCKET},
      {"infra/main.tf", AWS BUCKET},
      {"infra/test.tfvars", ""}},
     "{'iac':'terraform','layout':'var-files','terraform_dirs':['infra'],'environments':['test'],"
     "'modules':['code/app'],'terragrunt_units':['live/prod/app','live/test/vpc'],"
     "'var_files':['infra/test.tfvars']}"},
    {"regions and parts below each environment",
     {{"live/prod/eu-west-1/app/main.tf", S3_BACKEND CALL("../../../../modules/app")},
      {"live/prod/eu-west-1/vpc/main.tf", S3_BACKEND},
      {"live/test/eu-west-1/app/main.tf", S3_BACKEND},
      {"live/test/eu-west-1/app/terraform.tfvars", ""},
      {"live/global/iam/main.tf", S3_BACKEND},
      {"modules/app/main.tf", BUCKET}},
     "{'layout':'modules-live','environments':['prod','test'],"
     "'terraform_dirs':['live/global/iam','live/prod/eu-west-1/app','live/prod/eu-west-1/vpc',"
     "'live/test/eu-west-1/app']}"},
    {"a monorepo whose services have var files",
     {{"services/a/infra/main.tf", AWS BUCKET},
      {"services/a/infra/test.tfvars", ""},
      {"services/b/infra/main.tf", BUCKET},
      {"services/b/infra/test.tfvars", ""},
      {"services/b/infra/prod.tfvars", ""}},
     "{'layout':'monorepo','environments':['prod','test'],"
     "'per_environment':{'prod':{'directory':'services/b/infra',"
     "'directories':['services/b/infra'],'var_files':['prod.tfvars'],'backend_config':[],"
     "'workspace':null,'region':null},"
     "'test':{'directory':null,'directories':['services/a/infra','services/b/infra'],"
     "'var_files':[],'backend_config':[],'workspace':null,'region':'eu-west-1',"
     "'by_directory':{'services/a/infra':{'directory':'services/a/infra',"
     "'directories':['services/a/infra'],'var_files':['test.tfvars'],'backend_config':[],"
     "'workspace':null,'region':'eu-west-1'},'services/b/infra':{'directory':'services/b/infra',"
     "'directories':['services/b/infra'],'var_files':['test.tfvars'],'backend_config':[],"
     "'workspace':null,'region':null}}}}}"},
    {"the only environment, and what is for all",
     {{"environments/prod/main.tf", BUCKET}, {"global/iam/main.tf", BUCKET}},
     "{'layout':'env-folders','environments':['prod'],"
     "'terraform_dirs':['environments/prod','global/iam']}"},
    {"environments by the end of a name",
     {{"terraform-dev/main.tf", BUCKET},
      {"tf_prod/main.tf", BUCKET},
      {"infra.staging/main.tf", BUCKET},
      {"env/env-qa/main.tf", BUCKET}},
     "{'environments':['dev','prod','qa','staging']}"},
    {"var files of environments in regions",
     {{"main.tf", BUCKET},
      {"vars/prod.eu-west-1.tfvars", ""},
      {"vars/prod.us-east-1.tfvars", ""},
      {"vars/test.tfvars", ""}},
     "{'layout':'var-files','environments':['prod.eu-west-1','prod.us-east-1','test']}"},
    {"workspaces beside var files",
     {{"main.tf", BUCKET "locals {\n  e = terraform.workspace\n}\n"},
      {"tfvars/test.tfvars", ""},
      {"tfvars/prod.tfvars", ""}},
     "{'layout':'workspaces','environments':['prod','test'],"
     "'var_files':['tfvars/prod.tfvars','tfvars/test.tfvars']}"},
    {"a module's own values make no environment",
     {{"main.tf", CALL("./modules/app")},
      {"modules/app/main.tf", BUCKET},
      {"modules/app/test.tfvars", ""}},
     "{'layout':'flat','environments':[],'var_files':[]}"},
    {"only modules",
     {{"modules/a/main.tf", BUCKET}, {"modules/b/main.tf", BUCKET}, {"test.tfvars", ""}},
     "{'iac':'terraform','layout':null,'terraform_dirs':[],'environments':[],"
     "'modules':['modules/a','modules/b']}"},
    {"another tool beside Terraform",
     {{"cdk.json", "{}"}, {"Pulumi.yaml", ""}, {"infra/main.tf", AWS BUCKET}},
     "{'iac':'terraform','layout':'flat','terraform_dirs':['infra'],'backend':'none'}"},
    {"names with blanks and of another script",
     {{"my infra/main.tf", BUCKET},
      {"my infra/umgebung \xC3\xBC.tfvars", ""},
      {"my infra/prod.tfvars", ""}},
     "{'terraform_dirs':['my infra'],'environments':['prod'],"
     "'ignored_files':['my infra/umgebung \xC3\xBC.tfvars']}"},
    {"local state that holds something",
     {{"a/main.tf", BUCKET},
      {"a/terraform.tfstate", "{\"version\":4,\"resources\":[{}]}"},
      {"b/main.tf", "terraform {\n  backend \"local\" {\n    path = \"../s/x.tfstate\"\n  }\n}\n"},
      {"s/x.tfstate", "not to be understood"},
      {"c/main.tf", BUCKET},
      {"c/terraform.tfstate", "{\"version\":4,\"resources\":[]}"}},
     "{'root_modules':[{'directory':'a','environment':null,'auxiliary':false,'backend':null,"
     "'partial':false,'state':'a/terraform.tfstate'},{'directory':'b','environment':null,"
     "'auxiliary':false,'backend':'local','partial':false,'state':'s/x.tfstate'},"
     "{'directory':'c','environment':null,'auxiliary':false,'backend':null,'partial':false,"
     "'state':null}]}"},
    {"facts end where the code is broken",
     {{"main.tf", AWS "resource \"google_x\" \"y\" {\n  a = \"open\n}\nprovider \"azurerm\" {}\n"},
      {"json.tf.json", "{\"provider\":{\"oci\":{}},"},
      {"test.tfvars", "region = \"eu-west-2\"\nb = [\n"}},
     "{'providers':['aws'],'unread':['json.tf.json:1: cannot be read as JSON: the text ends too "
     "early; "
     "nothing in it was taken','main.tf:5: cannot be read as HCL: a string is not closed; "
     "nothing from there on was taken','test.tfvars:2: cannot be read as HCL: a bracket is not "
     "closed; nothing from there on was taken']}"},
    {"an account for each environment",
     {{"aws/111111111111/prod/main.tf", BUCKET},
      {"aws/222222222222/dev/main.tf", BUCKET},
      {"test/fixture/main.tf", BUCKET}},
     "{'layout':'env-folders','environments':['dev','prod'],"
     "'terraform_dirs':['aws/111111111111/prod','aws/222222222222/dev']}"},
    {"one name in the folders of several regions",
     {{"main.tf", BUCKET},
      {"vars/eu-west-1/prod.tfvars", "region = \"eu-west-1\"\n"},
      {"vars/us-east-1/prod.tfvars", ""},
      {"vars/test.tfvars", ""}},
     "{'environments':['prod','test'],'per_environment':{'prod':{'directory':'.',"
     "'directories':['.'],'var_files':[],'backend_config':[],'workspace':null,'region':null,"
     "'rivals':['vars/eu-west-1/prod.tfvars','vars/us-east-1/prod.tfvars']},"
     "'test':{'directory':'.','directories':['.'],'var_files':['vars/test.tfvars'],"
     "'backend_config':[],'workspace':null,'region':null}}}"},
    {"only another tool", {{"Pulumi.yaml", ""}}, "{'iac':'pulumi','layout':null}"},
    {"a broken file beside good ones",
     {{"a.tf", "provider \"aws\" {\n  region = \"eu-west-1\"\n}\nresource \"google_x\" \"y\" {\n"},
      {"b.tf", BUCKET}},
     "{'layout':'flat','providers':['aws'],'regions':['eu-west-1'],"
     "'unread':['a.tf:4: cannot be read as HCL: a block is not closed; nothing from there on was "
     "taken']}"},
};

START_TEST(test_layout)
{
    const struct layout *row = &layouts[_i];

    for (size_t i = 0; row->files[i].path != NULL; i++)
        fixture_write(folder, row->files[i].path, row->files[i].text);
    fr_json *found = discover();
    expect(found, row->found, row->name);
    fr_json_free(found);
}
END_TEST

START_TEST(test_other_tools_are_named)
{
    static const char *const files[] = {"x/terragrunt.hcl",
                                        "cdk.json",
                                        "Pulumi.yaml",
                                        "serverless.yml",
                                        "infra/main.bicep",
                                        "samconfig.toml",
                                        "cloudformation/stack.yaml",
                                        "atlantis.yaml"};
    static const char *const names[] = {"terragrunt", "pulumi",         "cdk",   "sam",
                                        "serverless", "cloudformation", "bicep", "atlantis"};

    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        fixture_write(folder, files[i], "");
    fr_json *found = discover();
    const fr_json *tool = fr_json_first(fr_json_get(found, "other_tools"));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++, tool = fr_json_next(tool)) {
        ck_assert_str_eq(fr_json_get_string(tool, "name"), names[i]);
        ck_assert_str_ne(fr_json_get_string(tool, "note"), "");
    }
    ck_assert_ptr_null(tool);
    ck_assert_str_eq(fr_json_get_string(fr_json_first(fr_json_get(found, "other_tools")), "file"),
                     "x/terragrunt.hcl");
    fr_json_free(found);
}
END_TEST

/* --------------------------------------------------------------------- profiles */

static const struct profiles {
    const char *text;
    const char *uses; /* by name: "environment purpose", or "" */
    const char *doubt;
} profile_rows[] = {
    {"[default]\n[profile orders-test-deploy]\n[profile orders-test-read]\n[profile test-iam]\n",
     "{'default':'','orders-test-deploy':'test deploy','orders-test-read':'test read',"
     "'test-iam':'test grant'}",
     NULL},
    {"[profile prod]\n[profile acme_prod_discover]\n[profile acme.prod.Auditor]\n",
     "{'acme.prod.Auditor':'prod read','acme_prod_discover':'prod grant','prod':'prod deploy'}",
     NULL},
    {"[profile prod-permissions]\n[profile prod-viewer]\n[profile PROD-granter]\n",
     "{'PROD-granter':'','prod-permissions':'','prod-viewer':'prod read'}", "several fit"},
    {"[profile testing]\n[profile latest]\n[profile production]\n[profile contest-read]\n",
     "{'contest-read':'','latest':'','production':'','testing':''}", NULL},
    {"[profile test-to-prod]\n[profile test-read-grant]\n",
     "{'test-read-grant':'','test-to-prod':''}", "prod and test"},
    {"[profile a-test]\n[profile b-test]\n[profile c-test]\n[profile d-test-read]\n",
     "{'a-test':'','b-test':'','c-test':'','d-test-read':'test read'}",
     "a-test, b-test and c-test"},
    {"[profile prod-readonly]\n[profile production-admin]\n[profile test-iam-discover-deploy]\n"
     "[default]\n[profile prod-sso]\nsso_session = x\n[profile team-prod-eu-view]\n",
     "{'default':'','prod-readonly':'prod read','prod-sso':'prod deploy','production-admin':'',"
     "'team-prod-eu-view':'prod-eu read','test-iam-discover-deploy':'test grant'}",
     NULL},
    {"[profile prod-admin]\n[profile prod-deploy]\n[profile prod-read]\n[profile prod-audit]\n",
     "{'prod-admin':'','prod-audit':'','prod-deploy':'','prod-read':''}", "several fit"},
    {"[profile acme-prod-eu-deploy]\n[profile acme-prod]\n",
     "{'acme-prod':'prod deploy','acme-prod-eu-deploy':'prod-eu deploy'}", NULL},
};

START_TEST(test_profiles)
{
    const struct profiles *row = &profile_rows[_i];
    fr_json *wanted = quoted(row->uses);
    fr_buf doubts = {0};

    fixture_write(folder, ".aws/config", row->text);
    fixture_write(folder, "main.tf", BUCKET);
    fixture_write(folder, "test.tfvars", "");
    fixture_write(folder, "prod.tfvars", "");
    fixture_write(folder, "prod-eu.tfvars", "");
    fr_json *found = discover();
    const fr_json *profiles = fr_json_get(found, "profiles");
    ck_assert_uint_eq(fr_json_count(profiles), fr_json_count(wanted));
    for (const fr_json *p = fr_json_first(profiles); p != NULL; p = fr_json_next(p)) {
        const fr_json *use = fr_json_get(p, "use");
        const char *environment = fr_json_get_string(use, "environment");
        char *is = environment == NULL
                       ? fr_str_dup("")
                       : fr_str_format("%s %s", environment, fr_json_get_string(use, "purpose"));
        const char *name = fr_json_get_string(p, "name");
        ck_assert_msg(fr_str_equal(is, fr_json_get_string(wanted, name)), "%s is for \"%s\"", name,
                      is);
        free(is);
    }
    fr_json_print(fr_json_get(found, "doubts"), &doubts);
    if (row->doubt != NULL)
        assert_says(fr_buf_text(&doubts), row->doubt);
    else
        ck_assert_str_eq(fr_buf_text(&doubts), "[]");
    fr_buf_finish(&doubts);
    fr_json_free(wanted);
    fr_json_free(found);
}
END_TEST

START_TEST(test_regions_of_profiles_that_nobody_uses)
{
    fixture_write(
        folder, ".aws/config",
        "[default]\nregion = us-west-1\n[profile test-read]\nregion = us-west-2\n"
        "[profile a-test]\nregion = eu-west-1\n[profile a-prod]\nregion = eu-west-2\n"
        "[profile b-prod]\nregion = eu-west-3\n[profile a-staging]\nregion = sa-east-1\n");
    fixture_write(folder, "main.tf", BUCKET);
    fixture_write(folder, "test.tfvars", "");
    fixture_write(folder, "prod.tfvars", "");
    fr_json *found = discover();
    expect(found, "{'regions':['eu-west-1']}", "regions");
    fr_json_free(found);
}
END_TEST

START_TEST(test_profile_files)
{
    fixture_write(
        folder, ".aws/config",
        "# comment\n[default]\nregion=us-east-1\n\n"
        "[profile  \"with blank\"]\n  region = eu-west-2 # why\n  s3 =\n"
        "    region = no-no-1\n  output = json\n"
        "[profile two words]\nregion = no-no-1\n[profiles x]\n[sso-session corp]\n"
        "sso_region = us-west-2\nregion = us-west-2\n"
        "[profile sso]\nsso_session = corp\nsso_account_id = 123456789012\nregion=eu-west-1\n"
        "[profile role]\nrole_arn = arn:aws:iam::210987654321:role/x\n"
        "[profile odd\x01name]\n[profile \xFF]\nregion = x\n[broken\nregion = no-no-1\n");
    fixture_write(folder, ".aws/credentials",
                  "[default]\naws_access_key_id = AKIASECRET\naws_secret_access_key = TOPSECRET\n"
                  "[profile raw]\naws_access_key_id = AKIASECRET\n; comment\n[job]\n"
                  "credential_process = /bin/x SECRET\n");
    fr_json *found = discover();
    expect(found,
           "{'profiles':[{'name':'default','region':'us-east-1','account':null,'kind':'keys',"
           "'use':null},{'name':'job','region':null,'account':null,'kind':'process','use':null},"
           "{'name':'profile raw','region':null,'account':null,'kind':'keys','use':null},"
           "{'name':'role','region':null,'account':'210987654321','kind':'role','use':null},"
           "{'name':'sso','region':'eu-west-1','account':'123456789012','kind':'sso','use':null},"
           "{'name':'with blank','region':'eu-west-2','account':null,'kind':null,'use':null}]}",
           "profiles");
    fr_buf text = {0};
    fr_json_print(found, &text);
    ck_assert_ptr_null(strstr(fr_buf_text(&text), "SECRET"));
    fr_buf_finish(&text);
    fr_json_free(found);
}
END_TEST

START_TEST(test_profile_files_by_variable)
{
    char *config = fr_path_join(folder, "my-config");
    fr_discover_options options = {.start = folder, .home = "/nonexistent", .here = 1};
    fr_json *found = NULL;

    fixture_write(folder, "my-config", "[profile mine]\n");
    options.aws_config_file = config;
    options.aws_credentials_file = folder; /* a folder cannot be read */
    ck_assert_int_eq(fr_discover(&options, &found, NULL), FRACTARY_OK);
    ck_assert_uint_eq(fr_json_count(fr_json_get(found, "profiles")), 1);
    ck_assert_uint_eq(fr_json_count(fr_json_get(found, "unread")), 1);
    fr_json_free(found);
    free(config);
}
END_TEST

/* -------------------------------------------------------------------------- git */

static const struct remote {
    const char *config;
    const char *organization; /* NULL: none */
    const char *project;      /* NULL: the folder's name */
} remotes[] = {
    {"[remote \"origin\"]\n\turl = git@github.com:acme/orders.git\n", "acme", "orders"},
    {"[remote \"origin\"]\n\turl = https://user:SECRET@github.com/acme/orders.git/\n", "acme",
     "orders"},
    {"[remote \"origin\"] url = ssh://git@host:2222/acme/orders\n", "acme", "orders"},
    {"[Remote \"origin\"]\n URL=\"https://gitlab.com/acme/team/orders.git\" ; x\n", "acme",
     "orders"},
    {"[remote \"upstream\"]\nurl = git@h:other/x\n[remote \"origin\"]\nurl = git@h:acme/y\n",
     "acme", "y"},
    {"[remote \"upstream\"]\nurl = git@h:other/x\n", "other", "x"},
    {"[remote \"z\"]\nurl = git@h:one/x\n[remote \"a\"]\nurl = git@h:two/y\n", "one", "x"},
    {"[remote \"origin\"]\nurl = git@h:old/x\nurl = git@h:new/x\n", "new", "x"},
    {"[remote \"origin\"]\nurl = https://h/acme/ord\\\ners.git\n", "acme", "orders"},
    {"# [remote \"origin\"]\n#url = git@h:a/b\n[core]\nurl = git@h:a/b\n", NULL, NULL},
    {"[remote \"origin\"]\nurl = /srv/git/orders.git\n", NULL, "orders"},
    {"[remote \"origin\"]\nurl = ../orders\n", NULL, "orders"},
    {"[remote \"origin\"]\nurl = file:///srv/git/orders.git\n", NULL, "orders"},
    {"[remote \"origin\"]\nurl = https://h/scm/acme/orders.git\n", "acme", "orders"},
    {"[remote \"origin\"]\nurl = https://h/~ada/orders.git\n", "ada", "orders"},
    {"[remote \"origin\"]\nurl = token:SECRET@h/acme\n", NULL, "acme"},
    {"[remote \"origin\"]\nurl = https://h/x@SECRET\n", NULL, NULL},
    {"[remote \"origin\"]\nfetch = x\n", NULL, NULL},
    {"[remote \"origin\nurl = x", NULL, NULL},
    {"url", NULL, NULL},
    {"[", NULL, NULL},
};

START_TEST(test_remote)
{
    const struct remote *row = &remotes[_i];
    const fr_discover_options options = {.start = folder};
    fr_json *found = NULL;
    fr_buf text = {0};

    fixture_write(folder, ".git/config", row->config);
    fixture_write(folder, ".git/HEAD", "ref: refs/heads/main\n");
    ck_assert_int_eq(fr_discover(&options, &found, NULL), FRACTARY_OK);
    const char *organization = fr_json_get_string(found, "organization");
    ck_assert_msg(fr_str_equal(organization, row->organization), "%s: organization is %s",
                  row->config, organization != NULL ? organization : "null");
    ck_assert_str_eq(fr_json_get_string(found, "project"),
                     row->project != NULL ? row->project : fr_path_name(folder));
    fr_json_print(found, &text);
    ck_assert_ptr_null(strstr(fr_buf_text(&text), "SECRET"));
    fr_buf_finish(&text);
    fr_json_free(found);
}
END_TEST

START_TEST(test_root)
{
    char *deep = fr_path_join(folder, "services/a");
    fr_discover_options options = {.start = deep};
    fr_json *found = NULL;

    fixture_write(folder, ".git/config", "[remote \"origin\"]\nurl = git@h:acme/orders\n");
    fixture_write(folder, "services/a/main.tf", BUCKET);
    ck_assert_int_eq(fr_discover(&options, &found, NULL), FRACTARY_OK);
    ck_assert_str_eq(fr_json_get_string(found, "root"), folder);
    fr_json_free(found);
    options.here = 1;
    ck_assert_int_eq(fr_discover(&options, &found, NULL), FRACTARY_OK);
    expect(found, "{'organization':'acme','project':'a','terraform_dirs':['.']}", "here");
    fr_json_free(found);
    options.here = 0;
    fixture_write(folder, "services/.fractary/plugins/devops/config.json", "{}");
    ck_assert_int_eq(fr_discover(&options, &found, NULL), FRACTARY_OK);
    ck_assert_str_eq(fr_path_name(fr_json_get_string(found, "root")), "services");
    fr_json_free(found);
    free(deep);
}
END_TEST

START_TEST(test_worktree)
{
    char *tree = fr_path_join(folder, "tree");
    char *pointer = fr_str_format("gitdir: %s/main/.git/worktrees/tree\n", folder);
    const fr_discover_options options = {.start = tree};
    fr_json *found = NULL;

    fixture_write(folder, "main/.git/config", "[remote \"origin\"]\nurl = git@h:acme/orders\n");
    fixture_write(folder, "main/.git/worktrees/tree/commondir", "../..\n");
    fixture_write(folder, "tree/.git", pointer);
    ck_assert_int_eq(fr_discover(&options, &found, NULL), FRACTARY_OK);
    expect(found, "{'organization':'acme','project':'orders'}", "worktree");
    fr_json_free(found);
    free(pointer);
    free(tree);
}
END_TEST

/* ------------------------------------------------------------------ odd folders */

static void link_to(const char *target, const char *name)
{
    char *path = fr_path_join(folder, name);

    ck_assert_int_eq(symlink(target, path), 0);
    free(path);
}

START_TEST(test_odd_names_and_links)
{
    char *outside = fixture_folder();
    char *elsewhere = fr_path_join(outside, "x.tf");

    fixture_write(outside, "x.tf", "provider \"google\" {}\n");
    fixture_write(folder, "shared/main.tf", BUCKET);
    fixture_write(folder, "envs/test/a\nb.tf", "provider \"oci\" {}\n");
    fixture_write(folder, "envs/test/\xFF.tf", "provider \"oci\" {}\n");
    fixture_write(folder, "line\nfeed/main.tf", "provider \"oci\" {}\n");
    link_to("../../shared/main.tf", "envs/test/main.tf");
    link_to(elsewhere, "envs/test/outside.tf");
    link_to("nowhere", "envs/test/dangling.tf");
    link_to(outside, "linked");
    link_to("..", "envs/loop");
    fr_json *found = discover();
    expect(found,
           "{'providers':['aws'],'terraform_dirs':['envs/test','shared'],"
           "'skipped':{'names':3,'more':false}}",
           "odd");
    fr_json_free(found);
    free(elsewhere);
    fixture_remove(outside);
}
END_TEST

START_TEST(test_a_folder_with_an_odd_name)
{
    char *odd = fr_path_join(folder, "a\nb\x7F\xFF");
    const fr_discover_options options = {.start = odd, .here = 1};
    fr_json *found = NULL;

    fixture_write(odd, "main.tf", BUCKET);
    ck_assert_int_eq(fr_discover(&options, &found, NULL), FRACTARY_OK);
    expect(found, "{'project':'a-b--','terraform_dirs':['.']}", "odd");
    fr_json_free(found);
    free(odd);
}
END_TEST

START_TEST(test_bounds)
{
    char name[64];
    fr_buf deep = {0};

    fixture_write(folder, "main.tf", BUCKET);
    for (int i = 0; i < 300; i++) {
        snprintf(name, sizeof name, "data/%d/file", i);
        fixture_write(folder, name, "");
    }
    for (int i = 0; i < 12; i++)
        fr_buf_puts(&deep, "d/");
    fr_buf_puts(&deep, "main.tf");
    fixture_write(folder, fr_buf_text(&deep), "provider \"google\" {}\n");
    fr_buf_finish(&deep);
    fr_json *found = discover();
    expect(found, "{'providers':['aws'],'terraform_dirs':['.'],'skipped':{'names':0,'more':true}}",
           "deep");
    fr_json_free(found);
}
END_TEST

START_TEST(test_no_folder)
{
    fractary_error error = FR_ERROR_INIT;
    fr_discover_options options = {.start = "/no/such/folder"};
    fr_json *found = NULL;
    char *file = fr_path_join(folder, "file");

    ck_assert_int_eq(fr_discover(&options, &found, &error), FRACTARY_E_NOTFOUND);
    ck_assert_ptr_null(found);
    fixture_write(folder, "file", "");
    options.start = file;
    ck_assert_int_eq(fr_discover(&options, &found, &error), FRACTARY_E_NOTFOUND);
    assert_says(error.cause, "Not a directory");
    free(file);
}
END_TEST

/* ------------------------------------------------------------------------ names */

static const struct stem {
    const char *stem;
    int contained;
    const char *environment;
} stems[] = {
    {"prod", 0, "prod"},       {"env-prod", 0, "prod"},     {"orders_test", 0, "test"},
    {"prod-eu", 0, "prod-eu"}, {"pre-prod", 0, "pre-prod"}, {"acme-non-prod", 0, "non-prod"},
    {"network", 0, NULL},      {"common", 0, NULL},         {"latest", 0, NULL},
    {"network", 1, "network"}, {"common", 1, NULL},         {"_shared", 1, NULL},
    {"a b", 1, NULL},          {"env-blue", 1, "blue"},     {"", 1, NULL},
    {"PROD", 0, "PROD"},       {"test-data", 0, NULL},      {"dev-blue", 0, "dev-blue"},
};

START_TEST(test_stem)
{
    char *environment;

    ck_assert_int_eq(fr_environment_of_stem(stems[_i].stem, stems[_i].contained, &environment),
                     FRACTARY_OK);
    ck_assert_msg(fr_str_equal(environment, stems[_i].environment), "%s is %s", stems[_i].stem,
                  environment != NULL ? environment : "none");
    free(environment);
}
END_TEST

static const struct path {
    const char *path;
    const char *environment;
} paths[] = {
    {"environments/test", "test"},
    {"environments/test/network", "test"},
    {"environments/acme/prod", "prod"},
    {"envs/blue", "blue"},
    {"envs/blue/modules", "blue"},
    {"envs/shared", NULL},
    {"infra/prod", "prod"},
    {"infra/prod-eu/app", "prod-eu"},
    {"infra/ci", NULL},
    {"envs/ci", "ci"},
    {"services/orders", NULL},
    {"apps/test-runner", NULL},
    {"infra/acme-prod", "acme-prod"},
    {"infra/dev-us-east-1", "dev-us-east-1"},
    {".", NULL},
    {"live/blue", "blue"},
};

START_TEST(test_path)
{
    fr_names containers = {0};

    char *environment;

    fr_names_add(&containers, "live");
    ck_assert_int_eq(fr_environment_of_path(&containers, paths[_i].path, &environment),
                     FRACTARY_OK);
    ck_assert_msg(fr_str_equal(environment, paths[_i].environment), "%s is %s", paths[_i].path,
                  environment != NULL ? environment : "none");
    free(environment);
    fr_names_finish(&containers);
}
END_TEST

#define ADD_ROWS(test, table)                                                                      \
    tcase_add_loop_test(tests, test, 0, (int)(sizeof(table) / sizeof *(table)))

int main(void)
{
    Suite *suite = suite_create("discover");
    TCase *tests = tcase_create("discover");

    tcase_add_checked_fixture(tests, enter, leave);
    ADD_ROWS(test_layout, layouts);
    ADD_ROWS(test_profiles, profile_rows);
    ADD_ROWS(test_remote, remotes);
    ADD_ROWS(test_stem, stems);
    ADD_ROWS(test_path, paths);
    tcase_add_test(tests, test_other_tools_are_named);
    tcase_add_test(tests, test_regions_of_profiles_that_nobody_uses);
    tcase_add_test(tests, test_a_folder_with_an_odd_name);
    tcase_add_test(tests, test_profile_files);
    tcase_add_test(tests, test_profile_files_by_variable);
    tcase_add_test(tests, test_root);
    tcase_add_test(tests, test_worktree);
    tcase_add_test(tests, test_odd_names_and_links);
    tcase_add_test(tests, test_bounds);
    tcase_add_test(tests, test_no_folder);
    tcase_set_timeout(tests, 60);
    suite_add_tcase(suite, tests);
    return fixture_run(suite);
}
