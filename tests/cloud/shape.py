"""Errors in the wire shape that each service's protocol has on AWS.

moto answers denials of every service in one XML form, and calls that it lacks
with 500 and HTML, which clients retry for minutes. Here a denial looks as the
service's clients expect it, and what is lacking is a 501 in the same shape.
"""
import functools
import html
import json
import re
import sys
import traceback

import botocore.exceptions
import botocore.session

MOTO_ERROR = re.compile(
    rb"<ErrorResponse><Errors><Error><Code>(AccessDenied|SignatureDoesNotMatch|InvalidClientTokenId"
    rb"|AuthFailure|MissingAuthenticationToken)</Code><Message>(.*?)</Message>", re.S)
# What the JSON protocols call the same.
JSON_CODES = {
    "AccessDenied": "AccessDeniedException",
    "SignatureDoesNotMatch": "InvalidSignatureException",
    "InvalidClientTokenId": "UnrecognizedClientException",
    "AuthFailure": "UnrecognizedClientException",
    "MissingAuthenticationToken": "MissingAuthenticationTokenException",
}
# Signing names that botocore files under another name; the rest are the same.
SIGNING_NAMES = {"execute-api": "apigatewaymanagementapi", "ecr": "ecr", "kafka": "kafka"}
REQUEST_ID = "00000000-0000-4000-8000-000000000000"
DROPPED_HEADERS = ("content-type", "content-length", "status", "x-amz-crc32")


@functools.lru_cache(maxsize=None)
def model_protocol(service):
    try:
        session = botocore.session.get_session()
        return session.get_service_model(SIGNING_NAMES.get(service, service)).protocol
    except botocore.exceptions.DataNotFoundError:
        return "query"


def signing_service(environ):
    match = re.search(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/", environ.get("HTTP_AUTHORIZATION", ""))
    return match[1] if match else ""


def protocol_of(environ):
    if environ.get("HTTP_SMITHY_PROTOCOL") == "rpc-v2-cbor":
        return "cbor"
    if environ.get("HTTP_X_AMZ_TARGET"):
        return "json"
    return {"s3": "s3", "ec2": "ec2"}.get(signing_service(environ)) or model_protocol(signing_service(environ))


# Each of these returns status (None keeps what it was), content type, body and
# further headers.


def json_shape(environ, code, message):
    body = json.dumps({"__type": JSON_CODES.get(code, code), "message": message}).encode()
    return "400 Bad Request", environ.get("CONTENT_TYPE") or "application/x-amz-json-1.0", body, []


def rest_json_shape(_, code, message):
    body = json.dumps({"Message": message}).encode()
    return None, "application/json", body, [("x-amzn-ErrorType", JSON_CODES.get(code, code))]


def cbor_text(text):
    data = text.encode()
    return b"\x79" + len(data).to_bytes(2, "big") + data


def cbor_shape(_, code, message):
    pairs = (("__type", JSON_CODES.get(code, code)), ("message", message))
    body = b"\xa2" + b"".join(cbor_text(name) + cbor_text(value) for name, value in pairs)
    return "400 Bad Request", "application/cbor", body, [("smithy-protocol", "rpc-v2-cbor")]


def ec2_shape(_, code, message):
    if code == "AccessDenied":
        code, message = "UnauthorizedOperation", "You are not authorized to perform this operation. " + message
    body = (f'<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>{code}</Code>'
            f"<Message>{html.escape(message)}</Message></Error></Errors>"
            f"<RequestID>{REQUEST_ID}</RequestID></Response>")
    return None, "text/xml;charset=UTF-8", body.encode(), []


def s3_shape(_, code, message):
    body = (f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code>'
            f"<Message>{html.escape(message)}</Message><RequestId>{REQUEST_ID}</RequestId></Error>")
    return None, "application/xml", body.encode(), []


def xml_shape(_, code, message):
    body = (f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code>"
            f"<Message>{html.escape(message)}</Message></Error><RequestId>{REQUEST_ID}</RequestId></ErrorResponse>")
    return None, "text/xml", body.encode(), []


SHAPES = {"json": json_shape, "rest-json": rest_json_shape, "cbor": cbor_shape, "ec2": ec2_shape, "s3": s3_shape}


def shaped(environ, status, code, message, headers=()):
    """Status line, headers and body of an error."""
    own_status, content_type, body, extra = SHAPES.get(protocol_of(environ), xml_shape)(environ, code, message)
    kept = [(name, value) for name, value in headers if name.lower() not in DROPPED_HEADERS]
    kept += [("Content-Type", content_type), ("Content-Length", str(len(body))), *extra]
    return own_status or status, kept, body


def denial(body):
    """Code and message of moto's one form, or None."""
    match = MOTO_ERROR.search(body)
    if not match:
        return None
    code, message = match[1].decode(), html.unescape(match[2].decode())
    if code == "AccessDenied":
        action = message.rsplit(": ", 1)[-1]
        message += f" because no identity-based policy allows the {action} action"
    return code, message


class ErrorShapes:
    """WSGI layer around moto's application."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        answer = {}

        def remember(status, headers, exc_info=None):
            answer.update(status=status, headers=headers)

        try:
            parts = self.application(environ, remember)
        except NotImplementedError as error:
            status, headers, body = shaped(environ, "501 Not Implemented", "NotImplemented",
                                           f"the test cloud lacks this call: {error}")
        except Exception as error:  # moto's own bug: shown here, answered as AWS would
            traceback.print_exc(file=sys.stderr)
            status, headers, body = shaped(environ, "500 Internal Server Error", "InternalFailure", repr(error))
        else:
            if not answer["status"].startswith(("401", "403")):
                start_response(answer["status"], answer["headers"])
                return parts
            status, headers, body = self.reshape(environ, answer, parts)
        start_response(status, headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    @staticmethod
    def reshape(environ, answer, parts):
        body = b"".join(parts)
        getattr(parts, "close", lambda: None)()
        found = denial(body)
        if not found:
            return answer["status"], answer["headers"], body
        return shaped(environ, "403 Forbidden", *found, headers=answer["headers"])
