"""Who may ask the engine: no browser, only who knows the token, only under a loopback name; errors are JSON."""

import hmac
import logging

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from ghostproof.prover.engine.server.completions import BadRequest, error

log = logging.getLogger(__name__)

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
# What only browsers send, about the page that asks. No page has anything to ask here.
_BROWSERS = ("Origin", "Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest", "Access-Control-Request-Method")


@web.middleware
async def errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every refusal has OpenAI's shape."""
    try:
        return await handler(request)
    except BadRequest as problem:
        body = error(problem.message, problem.status, problem.code, problem.param)
        headers = {"Retry-After": "1"} if problem.status == 503 else None
        return web.json_response(body, status=problem.status, headers=headers)
    except web.HTTPException as problem:
        return web.json_response(error(problem.reason, problem.status), status=problem.status)
    except (web.RequestPayloadError, TimeoutError):
        response = web.json_response(error("The body cannot be read to its end.", 400, "bad_body"), status=400)
        response.force_close()  # nobody knows where the next request would begin
        return response
    except Exception:
        log.exception("a request failed")
        return web.json_response(error("The engine failed.", 500, "engine_error"), status=500)


@web.middleware
async def no_browsers(request: web.Request, handler: Handler) -> web.StreamResponse:
    """For every way in: a page that a person looks at must not ask in their name."""
    if any(name in request.headers for name in _BROWSERS):
        raise BadRequest("Browsers are not answered.", code="browser", status=403)
    return await handler(request)


@web.middleware
async def nothing_packed(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A body is taken as it comes: a few packed bytes could become any number, and rubbish cannot be unpacked."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        response = web.json_response(error("Bodies are taken unpacked only.", 415, "packed"), status=415)
        response.force_close()
        return response
    return await handler(request)


def loopback_only(token: str) -> Middleware:
    """For TCP: only who knows the token, and only under a loopback name and the port that is listened at.

    A page in a browser may have its own name resolved to a loopback address, and would then count as the same origin;
    the name that it calls gives it away.
    """
    expected = f"Bearer {token}".encode()

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.headers.get("Host", "").lower() not in _names(request):
            raise BadRequest("Only loopback names are answered.", code="bad_host", status=403)
        given = request.headers.get("Authorization", "").encode(errors="replace")
        if not hmac.compare_digest(given, expected):
            raise BadRequest("The bearer token is wrong or missing.", code="invalid_api_key", status=401)
        return await handler(request)

    return check


def _names(request: web.Request) -> frozenset[str]:
    """The names under which this server may be called: with its port, which only HTTP's own may leave out."""
    address = request.transport.get_extra_info("sockname") if request.transport is not None else None
    if not isinstance(address, tuple):
        return LOOPBACK_NAMES
    port = address[1]
    return frozenset(f"{name}:{port}" for name in LOOPBACK_NAMES) | (LOOPBACK_NAMES if port == 80 else frozenset())
