"""Generated shared config and credentials files, read by botocore and by us:
the same profiles, or both refuse.

FRACTARY_SEED chooses another set; the seed is printed with a failure.
"""

import json
import os
import random
import subprocess

import botocore.exceptions
import botocore.session

PAIRS = 400

NAMES = ["default", "dev", "prod", "a b", "x.y", "Ümlaut", "it's"]
OPTIONS = ["region", "Role_Arn", "aws_access_key_id", "AWS_SECRET_ACCESS_KEY", "output", "source_profile", "credential_process", "x y"]
VALUES = ["eu-central-1", "arn:aws:iam::123456789012:role/x", "", "a = b", "q: r", "# not a comment", "x # y ; z", '"quoted"', "'s'", "tab\there", "ümlaut", "a\\b", "[x]", "/opt/x --a 'b c'"]


def header(rng, kind):
    name = rng.choice(NAMES)
    form = rng.randint(0, 6)
    if kind == "credentials":
        return f"[{name}]"
    if form == 0:
        return rng.choice(["[default]", "[preview]", "[DEFAULT]", "[profile]", "[ default ]"])
    quote = {1: '"', 2: "'"}.get(form, '"' if " " in name or "'" in name else "")
    word = rng.choice(["profile", "profile", "profile", "services", "sso-session"])
    return f"[{word}{rng.choice([' ', '  ', chr(9)])}{quote}{name}{quote}]" + rng.choice(["", " ; tail", "  "])


def block(rng):
    names = rng.sample(["s3", "dynamodb", "api_versions"], 1)
    inner = [f"  {k} {rng.choice(['=', ' = '])} {rng.choice(VALUES)}" for k in rng.sample(["addressing_style", "Endpoint_URL", "max"], rng.randint(1, 3))]
    if rng.random() < 0.1:
        inner.append("  broken")
    if rng.random() < 0.3:
        inner.insert(rng.randint(0, len(inner)), rng.choice(["", "  # comment", "   "]))
    return [f"{names[0]} ="] + inner


def option(rng):
    indent = rng.choice(["", "", "", " ", "   "])
    separator = rng.choice(["=", " = ", ":", " : ", "\t=\t"])
    lines = [f"{indent}{rng.choice(OPTIONS)}{separator}{rng.choice(VALUES)}"]
    if rng.random() < 0.15:
        lines.append(indent + "    goes on " + rng.choice(VALUES))
    return lines


def fresh(rng, make, used, key):
    """Mostly something that was not there yet: what comes twice is refused."""
    for _ in range(20):
        lines = make()
        if key(lines) not in used or rng.random() < 0.02:
            break
    used.add(key(lines))
    return lines


def section(rng, kind, headers):
    lines = [fresh(rng, lambda: header(rng, kind), headers, str.strip)]
    used = set()
    for _ in range(rng.randint(0, 4)):
        make = block if kind == "config" and rng.random() < 0.25 else option
        lines += fresh(rng, lambda: make(rng), used, lambda made: made[0].replace(":", "=").split("=")[0].strip().lower())
        if rng.random() < 0.3:
            lines.append(rng.choice(["", "# comment", "; comment", "   # indented comment", "  "]))
    if rng.random() < 0.03:
        lines.append(rng.choice(["no delimiter", "= no name", "[unclosed", "[]"]))
    return lines


def make_file(rng, kind):
    if rng.random() < 0.1:
        return None
    lines = ["garbage"] if rng.random() < 0.02 else []
    headers = set()
    for _ in range(rng.randint(0, 4)):
        lines += section(rng, kind, headers)
    end = rng.choice(["\n", "\n", "\r\n"])
    return end.join(lines) + rng.choice(["", end])


def botocore_view(folder, pair):
    session = botocore.session.Session()
    for variable, key in (("config_file", "config"), ("credentials_file", "credentials")):
        path = folder / key
        path.unlink(missing_ok=True)
        if pair[key] is not None:
            path.write_bytes(pair[key].encode())
        session.set_config_variable(variable, str(path))
    try:
        full = session.full_config
    except botocore.exceptions.ConfigParseError:
        return {}
    return {key: full.get(key, {}) for key in ("profiles", "services", "sso_sessions")}


def test_files_are_read_as_botocore_reads_them(build, tmp_path):
    program = build / "tests/plugins/hosting-aws/test_shared_config"
    seed = int(os.environ.get("FRACTARY_SEED", "20260131"))
    print(f"seed {seed}")
    rng = random.Random(seed)
    pairs = [{kind: make_file(rng, kind) for kind in ("config", "credentials")} for _ in range(PAIRS)]
    lines = "".join(json.dumps(p) + "\n" for p in pairs)
    run = subprocess.run([program, "--read"], input=lines.encode(), capture_output=True, timeout=120, check=True)
    ours = [json.loads(line) for line in run.stdout.decode().splitlines()]
    theirs = [botocore_view(tmp_path, pair) for pair in pairs]
    for pair, a, b in zip(pairs, ours, theirs, strict=True):
        assert a == b, f"seed {seed}: {json.dumps(pair)}"
    refused = sum(not view for view in theirs)
    print(f"{PAIRS} pairs, {refused} refused by both")
    assert 5 < refused < PAIRS / 2
