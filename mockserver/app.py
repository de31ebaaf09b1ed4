"""The Flask application: HTTP in, HTTP out. The wiring only."""

from collections.abc import Callable

from flask import Flask, Response, request

from mockserver import guard
from mockserver.contract import fields, publication
from mockserver.messages import Reply, Request
from mockserver.service import Service

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def application(service: Service, address: Callable[[], str]) -> Flask:
    """The application that answers at the documented path.

    address: where the service can be reached, for the WSDL; never taken from the Host header.
    """
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = guard.MAX_BYTES

    @app.route(fields.PATH, methods=_METHODS, provide_automatic_options=False)
    def endpoint() -> Response:
        if request.method in ("GET", "HEAD") and "wsdl" in {key.lower() for key in request.args}:
            return Response(publication.wsdl(address()), mimetype="text/xml")
        return _respond(service.answer(_request()))

    @app.errorhandler(413)
    def too_large(_error: Exception) -> Response:
        """Flask stops reading at the limit; the guard then says what the limit is."""
        return _respond(service.answer(_request(body=b" " * (guard.MAX_BYTES + 1))))

    return app


def _request(body: bytes | None = None) -> Request:
    return Request(
        method=request.method,
        path=request.path,
        media_type=request.mimetype,
        soap_action=request.headers.get("SOAPAction"),
        body=request.get_data(cache=False) if body is None else body,
    )


def _respond(reply: Reply) -> Response:
    made = Response(reply.body, reply.status, content_type=reply.media_type)
    if reply.status == 405:
        made.headers["Allow"] = "GET, HEAD, POST"
    return made
