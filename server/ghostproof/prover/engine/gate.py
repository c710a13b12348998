"""Who may ask the engine: errors as JSON, bearer token, and names under which a loopback address may be called."""

import hmac

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from ghostproof.prover.engine.completions import BadRequest, error

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})


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


def loopback_only(token: str) -> Middleware:
    """For TCP: only who knows the token, and only under a loopback name.

    A page in a browser may have its own name resolved to a loopback address, and would then count as the same origin;
    the name that it calls gives it away.
    """
    expected = f"Bearer {token}".encode()

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        name = request.headers.get("Host", "").lower()
        if name.rpartition(":")[0] not in LOOPBACK_NAMES and name not in LOOPBACK_NAMES:
            raise BadRequest("Only loopback names are answered.", code="bad_host", status=403)
        given = request.headers.get("Authorization", "").encode(errors="replace")
        if not hmac.compare_digest(given, expected):
            raise BadRequest("The bearer token is wrong or missing.", code="invalid_api_key", status=401)
        return await handler(request)

    return check
