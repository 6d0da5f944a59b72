"""Signature Version 4, verified from the request as it came over the wire.

moto verifies a request that it has put together again from what it parsed: a
request without a body, an encoded slash or star in a query, and UTF-8 in a
path then fail although they are signed correctly. Here the raw target and the
raw body are taken, and the rules of the specification, which makes it an
independent judge of a signer, too.
"""
import hashlib
import hmac
import io
import posixpath
import re
from urllib.parse import quote, unquote_to_bytes

from flask import request
from moto.core.exceptions import _RESTError
from moto.iam import access_control

BODY = "fractary.body"
HEX_DIGEST = re.compile(r"^[0-9a-f]{64}$")


class KeepBody:
    """WSGI layer that keeps the body's bytes: moto parses, decodes and inflates them."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if "HTTP_TRANSFER_ENCODING" not in environ:
            body = environ["wsgi.input"].read(length)
            environ[BODY] = body
            environ["wsgi.input"] = io.BytesIO(body)
        return self.application(environ, start_response)


class MissingAuthenticationToken(_RESTError):
    code = 403

    def __init__(self):
        super().__init__("MissingAuthenticationToken", "Missing Authentication Token")


def encode(text):
    return quote(unquote_to_bytes(text), safe="-_.~")


def canonical_query(raw):
    pairs = [pair.partition("=") for pair in raw.split("&") if pair]
    return "&".join("=".join(pair) for pair in sorted((encode(k), encode(v)) for k, _, v in pairs))


def canonical_path(raw, service):
    """S3 signs the path as it is sent; the others normalise, then encode once more."""
    if service == "s3":
        return raw or "/"
    path = posixpath.normpath(re.sub("/+", "/", raw or "/"))
    if raw.endswith(("/", "/.", "/..")) and path != "/":
        path += "/"
    return quote(path, safe="/-_.~")


def canonical_headers(names, headers):
    return "".join(f"{name}:{' '.join(headers.get(name, '').split())}\n" for name in names)


def payload_hash(headers, body):
    """The digest that the client declared, if it is no lie."""
    actual = hashlib.sha256(body or b"").hexdigest()
    declared = headers.get("X-Amz-Content-SHA256", actual)
    if body is not None and HEX_DIGEST.match(declared) and declared != actual:
        return None
    return declared


def signing_key(secret, date, region, service):
    key = ("AWS4" + secret).encode()
    for part in (date, region, service, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key


def expected_signature(secret, authorization):
    """The signature that the current request should have; None when its body was changed."""
    fields = dict(re.findall(r"(\w+)=([^,\s]+)", authorization))
    _, date, region, service, _ = fields["Credential"].split("/")
    names = fields["SignedHeaders"].split(";")
    raw_path, _, raw_query = request.environ["RAW_URI"].partition("?")
    digest = payload_hash(request.headers, request.environ.get(BODY))
    if digest is None or "host" not in names:
        return None
    canonical = "\n".join((request.method, canonical_path(raw_path, service),
                           canonical_query(raw_query), canonical_headers(names, request.headers),
                           ";".join(names), digest))
    moment = request.headers.get("X-Amz-Date") or request.headers.get("Date", "")
    scope = f"{date}/{region}/{service}/aws4_request"
    text = "\n".join(("AWS4-HMAC-SHA256", moment, scope,
                      hashlib.sha256(canonical.encode()).hexdigest()))
    return hmac.new(signing_key(secret, date, region, service), text.encode(), hashlib.sha256).hexdigest()


def check_signature(self):
    """Replaces IAMRequestBase.check_signature."""
    authorization = self._headers["Authorization"]
    given = re.search(r"Signature=([0-9a-f]+)", authorization)
    expected = expected_signature(self._access_key.create_credentials().secret_key, authorization)
    if not given or not expected or not hmac.compare_digest(given[1], expected):
        self._raise_signature_does_not_match()


def refuse_unsigned(original):
    def create(self, *args, **kwargs):
        if "Authorization" not in kwargs["headers"]:
            raise MissingAuthenticationToken()
        original(self, *args, **kwargs)

    return create


def mend():
    base = access_control.IAMRequestBase
    base.check_signature = check_signature
    base.__init__ = refuse_unsigned(base.__init__)
