"""moto's own server with what stands in the way of tests mended.

- signatures: checked against the request as it came (signature.py);
- policies: statements whose condition does not hold do not apply, names of
  actions are IAM's, every decision is logged (policy.py);
- errors: in the wire shape of each service's protocol (shape.py);
- Lambda and Batch run without Docker;
- the versions of a secret that is not there are an error, not a crash.

usage: server.py [--with-parent] PORT
"""
import argparse
import ctypes
import logging
import os
import signal
import sys

import policy
import shape
import signature
from moto.core.config import default_user_config
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.secretsmanager.models import SecretsManagerBackend
from werkzeug.serving import WSGIRequestHandler, make_server

PR_SET_PDEATHSIG = 1


class Handler(WSGIRequestHandler):
    """Keeps connections open, as AWS does, and does not log each request."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code="-", size="-"):
        pass


def die_with_parent():
    """The kernel sends SIGTERM when the parent ends; it may have ended already."""
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent or parent == 1:
        sys.exit("the parent has ended")


def refuse_unknown_secret():
    original = SecretsManagerBackend.list_secret_version_ids

    def list_secret_version_ids(self, secret_id):
        self.describe_secret(secret_id)  # raises what AWS answers
        return original(self, secret_id)

    SecretsManagerBackend.list_secret_version_ids = list_secret_version_ids


def mended_application():
    default_user_config["lambda"] = {"use_docker": False}
    default_user_config["batch"] = {"use_docker": False}
    refuse_unknown_secret()
    signature.mend()
    policy.mend(os.environ.get("MOTO_IAM_LOG"))
    application = DomainDispatcherApplication(create_backend_app)
    return signature.KeepBody(shape.ErrorShapes(application))


def main():
    parser = argparse.ArgumentParser(prog="launch", description="An AWS to test against.")
    parser.add_argument("--with-parent", action="store_true", help="end when the parent ends")
    parser.add_argument("port", type=int, help="port on 127.0.0.1; 0 takes a free one")
    options = parser.parse_args()
    if options.with_parent:
        die_with_parent()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", options.port, mended_application(), threaded=True,
                         request_handler=Handler)
    os.environ["MOTO_PORT"] = str(server.port)
    print(f"listening on http://127.0.0.1:{server.port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
