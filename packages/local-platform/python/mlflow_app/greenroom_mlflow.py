"""MLflow's server, answering to its own hosts and pages only: `mlflow server --app-name greenroom`.

MLflow checks Origin below /api and /ajax-api only, takes every page of this machine for one of its
own, whatever its port, and leaves Host unchecked where it answers health checks. The lists are
those of --allowed-hosts and --cors-allowed-origins; the rules are those of @greenroom/http-security.
"""

from mlflow.server.fastapi_app import app as mlflow_app
from mlflow.server.fastapi_security import get_allowed_hosts, get_allowed_origins

SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}


class OwnPagesOnly:
    def __init__(self, app, hosts, origins):
        self.app = app
        self.hosts = set(hosts)
        self.origins = set(origins)

    async def __call__(self, scope, receive, send):
        refusal = self.refusal(scope) if scope["type"] in ("http", "websocket") else None
        if refusal is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            # Before it is accepted, this is the answer 403.
            await send({"type": "websocket.close", "code": 1008})
        else:
            status, text = refusal
            headers = [(b"content-type", b"text/plain"), (b"connection", b"close")]
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": text})

    def refusal(self, scope):
        def values(name):
            return [value.decode("latin-1").lower() for key, value in scope["headers"] if key == name]

        hosts = [*values(b"host"), *values(b"x-forwarded-host")]
        if len(values(b"host")) != 1:
            return 400, b"The request must name its host once.\n"
        if not self.hosts.issuperset(hosts):
            return 421, b"This MLflow answers to localhost only.\n"
        origins = values(b"origin")
        sites = {"same-origin", "none"}.issuperset(values(b"sec-fetch-site"))
        is_read = scope.get("method") in SAFE_METHODS
        if not self.origins.issuperset(origins) or not (origins or is_read or sites):
            return 403, b"This MLflow answers to its own pages only.\n"
        return None


app = OwnPagesOnly(mlflow_app, get_allowed_hosts(), get_allowed_origins())
