"""The Flask application: HTTP in, HTTP out. The wiring only."""

from collections.abc import Callable

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from mockserver.contract import fields, publication
from mockserver.messages import Reply, Request
from mockserver.service import Service

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]


def application(service: Service, address: Callable[[], str]) -> Flask:
    """The application that answers at the documented path.

    address: where the service can be reached, for the WSDL; never taken from the Host header.
    """
    app = Flask(__name__, static_folder=None)

    @app.route("/", defaults={"path": ""}, methods=_METHODS, provide_automatic_options=False)
    @app.route("/<path:path>", methods=_METHODS, provide_automatic_options=False)
    def endpoint(path: str) -> Response:
        wanted = "wsdl" in {key.lower() for key in request.args}
        if f"/{path}" == fields.PATH and wanted and request.method in ("GET", "HEAD"):
            return _respond(service.show(_request(), publication.wsdl(address())))
        return _respond(service.answer(_request()))

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        """What Flask itself refuses, in a line."""
        return Response(f"{error.name}\n", error.code, content_type="text/plain; charset=utf-8")

    return app


def _request() -> Request:
    return Request(
        method=request.method,
        path=request.path,
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.get_data(cache=False),
    )


def _respond(reply: Reply) -> Response:
    made = Response(reply.body, reply.status, content_type=reply.media_type)
    if reply.status == 405:
        made.headers["Allow"] = "GET, HEAD, POST"
    return made
