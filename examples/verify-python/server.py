"""A service on Python's standard library that guards a route with the API keys of a portal.

    PORTAL_URL=http://127.0.0.1:4000 SERVICE_KEY=mktp_… python3 server.py
    curl http://127.0.0.1:8080/racks -H 'authorization: Bearer mktp_…'
"""
import json
import os
import re
import urllib.error
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORTAL_URL = os.environ.get("PORTAL_URL", "http://127.0.0.1:4000")
# A key of the portal with the scope `keys:verify`, and without a rate limit.
SERVICE_KEY = os.environ.get("SERVICE_KEY", "")


class Refused(Exception):
    def __init__(self, status, **headers):
        self.status, self.headers = status, headers


def introspect(token, ip):
    """Asks the portal. An outage, or a portal that refuses this service, says nothing about the key: 503, never 401."""
    form = urllib.parse.urlencode({"token": token, "ip": ip}).encode()
    headers = {"authorization": f"Bearer {SERVICE_KEY}"}
    request = urllib.request.Request(f"{PORTAL_URL}/keys/verify", form, headers)
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        if error.code == 429:
            raise Refused(429, retry_after=error.headers.get("retry-after", "1"))
        raise Refused(503, retry_after="1")
    except (OSError, ValueError):
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
        try:
            if self.path != "/racks":
                raise Refused(404)
            self.answer(200, {"racks": [], "tenant": key_of(self, "devices:read")["tenant"]})
        except Refused as refusal:
            self.answer(refusal.status, {"status": refusal.status}, refusal.headers)

    def answer(self, status, body, headers={}):
        self.send_response(status)
        for name, value in {"content-type": "application/json", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8080"))), Service)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
