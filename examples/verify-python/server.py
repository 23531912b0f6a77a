"""A service on Python's standard library whose route is guarded by the API keys of a portal."""
import json
import os
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode
from urllib.request import Request, urlopen

PORTAL_URL = os.environ.get("PORTAL_URL", "http://127.0.0.1:4000")
# A key of the portal with the scope `keys:verify`, and without a rate limit.
HEADERS = {"authorization": f"Bearer {os.environ.get('SERVICE_KEY', '')}"}


class Refused(Exception):
    def __init__(self, status, **headers):
        self.status, self.headers = status, headers


def introspect(token, ip):
    """Asks the portal. An outage, or a portal that refuses this service, says nothing about the key: 503, never 401."""
    request = Request(f"{PORTAL_URL}/keys/verify", urlencode({"token": token, "ip": ip}).encode(), HEADERS)
    try:
        with urlopen(request, timeout=5) as response:
            return json.load(response)
    except (OSError, ValueError) as error:
        if getattr(error, "code", None) == 429:
            raise Refused(429, retry_after=error.headers.get("retry-after", "1"))
        raise Refused(503, retry_after="1")


def key_of(request, *scopes):
    """The portal's answer about the key of a request, which must have every scope."""
    match = re.fullmatch(r"Bearer +(\S+)", request.headers.get("authorization", ""), re.IGNORECASE)
    if not match:
        raise Refused(401, www_authenticate="Bearer")
    key = introspect(match[1], request.client_address[0])
    if not key["active"]:
        raise Refused(401, www_authenticate='Bearer error="invalid_token"')
    if not set(scopes) <= set(key["scope"].split()):
        raise Refused(403, www_authenticate=f'Bearer error="insufficient_scope", scope="{" ".join(scopes)}"')
    return key


class Service(BaseHTTPRequestHandler):
    def do_GET(self):
        status, headers = 200, {}
        try:
            body = {"racks": [], "tenant": key_of(self, "devices:read")["tenant"]}
        except Refused as refusal:
            status, headers, body = refusal.status, refusal.headers, {"status": refusal.status}
        self.send_response(status)
        for name, value in {"content-type": "application/json", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())


server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8080"))), Service)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
