"""Project layouts as teams have them, each a few lines of terraform_data, so that it
runs in a second without a provider.

A layout names its files, the environments that `fractary init` must find in it and
that can be deployed, and one change: (file, old text, new text). Where init cannot
know something that only people decide, `configure` says what they would write.
"""
import dataclasses

ENVIRONMENTS = ("test", "prod")


@dataclasses.dataclass
class Layout:
    name: str
    files: dict
    change: tuple
    environments: tuple = ("test",)
    configure: dict = None  # merged over the configuration that init wrote
    links: dict = None      # symbolic links: name -> target
    previewed: bool = True  # a plan can be made before anything is deployed


def thing(name="one", value='"v1"'):
    return f'resource "terraform_data" "{name}" {{\n  input = {value}\n}}\n'


def variable(name="size", default=None):
    return f'variable "{name}" {{\n' + (f"  default = {default}\n" if default else "") + "}\n"


SIZED = variable() + thing(value="var.size")
V1 = ("v1", "v2")


def env_folders(pattern, text=None, **more):
    return {pattern.format(env): text or thing(value=f'"{env} v1"') for env in ENVIRONMENTS} | more


def var_files(pattern, extension=""):
    one = '{{"size": "{} v1"}}\n' if pattern.endswith(".json") else 'size = "{} v1"\n'
    return {pattern.format(env): one.format(env) for env in ENVIRONMENTS}


LAYOUTS = [
    Layout("flat", {"main.tf": thing()}, ("main.tf", *V1)),
    Layout("flat, in a folder", {"infra/main.tf": thing()}, ("infra/main.tf", *V1)),
    Layout("flat, in terraform/", {"terraform/main.tf": thing(), "src/app.py": "print()\n"},
           ("terraform/main.tf", *V1)),
    Layout("flat, deep down", {"deploy/aws/terraform/main.tf": thing()},
           ("deploy/aws/terraform/main.tf", *V1)),
    Layout("flat, several files", {
        "variables.tf": variable(default='"v1"'), "main.tf": thing(value="var.size"),
        "outputs.tf": 'output "size" { value = terraform_data.one.output }\n',
        "locals.tf": 'locals { tags = { team = "shop" } }\n'}, ("variables.tf", *V1)),
    Layout("flat, terraform.tfvars", {"main.tf": SIZED, "terraform.tfvars": 'size = "v1"\n'},
           ("terraform.tfvars", *V1)),
    Layout("flat, auto.tfvars", {"main.tf": SIZED, "sizes.auto.tfvars": 'size = "v1"\n'},
           ("sizes.auto.tfvars", *V1)),
    Layout("flat, sensitive variable and output", {
        "main.tf": 'variable "key" {\n  sensitive = true\n  default   = "v1"\n}\n'
                   + thing(value="var.key")
                   + 'output "key" {\n  value     = terraform_data.one.output\n  sensitive = true\n}\n'},
           ("main.tf", *V1)),
    Layout("flat, local backend with a path", {
        "main.tf": 'terraform {\n  backend "local" {\n    path = "state/own.tfstate"\n  }\n}\n' + thing()},
           ("main.tf", *V1)),
    Layout("flat, required_version", {
        "main.tf": 'terraform {\n  required_version = ">= 1.5.0"\n}\n' + thing()}, ("main.tf", *V1)),
    Layout("flat, JSON", {
        "main.tf.json": '{"resource": {"terraform_data": {"one": {"input": "v1"}}}}\n'},
           ("main.tf.json", *V1)),
    Layout("flat, both syntaxes", {
        "main.tf": thing(), "more.tf.json": '{"resource": {"terraform_data": {"two": {"input": "x"}}}}\n'},
           ("main.tf", *V1)),
    Layout("flat, an override", {
        "main.tf": thing(value='"hidden"'),
        "main_override.tf": 'resource "terraform_data" "one" {\n  input = "v1"\n}\n'},
           ("main_override.tf", *V1)),
    Layout("flat, for_each with odd keys", {
        "main.tf": 'resource "terraform_data" "each" {\n'
                   '  for_each = toset(["a.b", "c d", "e\\"f", "ü"])\n  input    = "v1 ${each.key}"\n}\n'},
           ("main.tf", *V1)),
    Layout("flat, count", {
        "main.tf": 'resource "terraform_data" "many" {\n  count = 3\n  input = "v1"\n}\n'},
           ("main.tf", "count = 3", "count = 2")),
    Layout("flat, replacement", {
        "main.tf": 'resource "terraform_data" "one" {\n  triggers_replace = "v1"\n}\n'}, ("main.tf", *V1)),
    Layout("flat, moved", {"main.tf": thing()},
           ("main.tf", thing(), thing("two") + 'moved {\n  from = terraform_data.one\n'
                                               '  to   = terraform_data.two\n}\n')),
    Layout("flat, provisioner", {
        "main.tf": 'resource "terraform_data" "one" {\n  input = "v1"\n'
                   '  provisioner "local-exec" {\n    command = "echo made"\n  }\n}\n'}, ("main.tf", *V1)),
    Layout("flat, with local modules", {
        "main.tf": 'module "a" {\n  source = "./modules/a"\n}\n',
        "modules/a/main.tf": 'module "b" {\n  source = "../b"\n}\n', "modules/b/main.tf": thing()},
           ("modules/b/main.tf", *V1)),
    Layout("flat, main.tf is a link", {"shared/main.tf.txt": thing(), "infra/outputs.tf": ""},
           ("shared/main.tf.txt", *V1), links={"infra/main.tf": "../shared/main.tf.txt"}),
    Layout("folder with space and umlaut", {"infra für alle/main.tf": thing()},
           ("infra für alle/main.tf", *V1)),

    Layout("var files beside main.tf", {"main.tf": SIZED} | var_files("{}.tfvars"),
           ("test.tfvars", *V1), ENVIRONMENTS),
    Layout("var files in vars/", {"infra/main.tf": SIZED} | var_files("infra/vars/{}.tfvars"),
           ("infra/vars/test.tfvars", *V1), ENVIRONMENTS),
    Layout("var files in JSON", {"main.tf": SIZED} | var_files("{}.tfvars.json"),
           ("test.tfvars.json", *V1), ENVIRONMENTS),
    Layout("var files in environments/", {"main.tf": SIZED} | var_files("environments/{}.tfvars"),
           ("environments/test.tfvars", *V1), ENVIRONMENTS),
    Layout("var files in folders of environments",
           {"main.tf": SIZED} | var_files("environments/{}/terraform.tfvars"),
           ("environments/test/terraform.tfvars", *V1), ENVIRONMENTS),
    Layout("var files and a common one", {
        "main.tf": SIZED + variable("team") + thing("two", "var.team"),
        "common.tfvars": 'team = "shop"\n'} | var_files("{}.tfvars"),
           ("common.tfvars", "shop", "store"), ENVIRONMENTS),
    Layout("var files and an example", {
        "main.tf": SIZED, "example.tfvars": 'size = "copy me"\n'} | var_files("{}.tfvars"),
           ("test.tfvars", *V1), ENVIRONMENTS),

    Layout("folders of environments", env_folders("environments/{}/main.tf"),
           ("environments/test/main.tf", *V1), ENVIRONMENTS),
    Layout("folders in envs/", env_folders("infra/envs/{}/main.tf"),
           ("infra/envs/test/main.tf", *V1), ENVIRONMENTS),
    Layout("folders with a module",
           env_folders("environments/{}/main.tf", 'module "app" {\n  source = "../../modules/app"\n}\n',
                       **{"modules/app/main.tf": thing()}),
           ("modules/app/main.tf", *V1), ENVIRONMENTS),
    Layout("modules and live",
           env_folders("live/{}/main.tf", 'module "app" {\n  source = "../../modules/app"\n}\n',
                       **{"modules/app/main.tf": thing()}),
           ("modules/app/main.tf", *V1), ENVIRONMENTS),
    Layout("folders with terraform.tfvars",
           {f"environments/{env}/main.tf": SIZED for env in ENVIRONMENTS}
           | var_files("environments/{}/terraform.tfvars"),
           ("environments/test/terraform.tfvars", *V1), ENVIRONMENTS),

    Layout("workspaces", {
        "main.tf": 'locals {\n  sizes = { test = "v1", prod = "large" }\n}\n'
                   + thing(value='terraform.workspace == "prod" ? "large" : local.sizes["test"]')},
           ("main.tf", *V1), ENVIRONMENTS,
           configure={"environments": {env: {"plugins": {"iac-terraform": {"workspace": env}}}
                                       for env in ENVIRONMENTS}}),
    Layout("workspaces and var files",
           {"main.tf": variable() + thing(value='"${terraform.workspace} ${var.size}"')}
           | var_files("{}.tfvars"), ("test.tfvars", *V1), ENVIRONMENTS),

    Layout("partial backend", {
        "main.tf": 'terraform {\n  backend "local" {}\n}\n' + thing(),
        "test.tfbackend": 'path = "test.tfstate"\n', "prod.tfbackend": 'path = "prod.tfstate"\n'},
           ("main.tf", *V1), ENVIRONMENTS),
    Layout("partial backend in config/, with var files", {
        "main.tf": 'terraform {\n  backend "local" {}\n}\n' + SIZED,
        "config/test.backend.hcl": 'path = "test.tfstate"\n',
        "config/prod.backend.hcl": 'path = "prod.tfstate"\n'} | var_files("config/{}.tfvars"),
           ("config/test.tfvars", *V1), ENVIRONMENTS),

    Layout("two stacks", {
        "network/main.tf": thing("net", '"v1"') + 'output "id" { value = "net-1" }\n',
        "app/main.tf": 'data "terraform_remote_state" "net" {\n  backend = "local"\n'
                       '  config = { path = "../network/terraform.tfstate" }\n}\n'
                       + thing("app", "data.terraform_remote_state.net.outputs.id")},
           ("network/main.tf", *V1), previewed=False,
           configure={"environments": {"test": {}},
                      "plugins": {"iac-terraform": {"directory": None}},
                      "stacks": {"app": {"directory": "app", "depends_on": ["network"]},
                                 "network": {"directory": "network"}}}),
    Layout("stacks by environment",
           {f"live/{env}/{stack}/main.tf": thing(stack, f'"{env} v1"')
            for env in ENVIRONMENTS for stack in ("data", "web")},
           ("live/test/data/main.tf", *V1), ENVIRONMENTS,
           configure={"environments": {env: {} for env in ENVIRONMENTS},
                      "plugins": {"iac-terraform": {"directory": None}},
                      "stacks": {"data": {"directory": "live/{environment}/data"},
                                 "web": {"directory": "live/{environment}/web", "depends_on": ["data"]}}}),
    Layout("Terragrunt beside a plain root module", {
        "legacy/terragrunt.hcl": 'terraform {\n  source = "../modules/x"\n}\n', "infra/main.tf": thing()},
           ("infra/main.tf", *V1)),
]
