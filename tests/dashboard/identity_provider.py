"""A small OIDC provider as a process of its own: real HTTP, real keys, and lies on demand.

Prints its issuer on one line. PUT /play takes JSON that says how the next answers differ from
good ones. Whoever comes to /authorize is taken to be logged in.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

CLIENT, SECRET = "honglan board", "s3cret:with/signs"
KEYS = {
    "RS256": RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"}),
    "ES256": ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"}),
}
STRANGER = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"})  # same kid, unpublished
play: dict = {}
codes: dict[str, dict[str, str]] = {}


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_words):
        pass

    @property
    def issuer(self):
        return f"http://127.0.0.1:{self.server.server_port}/realm"

    def do_GET(self):
        url = urlsplit(self.path)
        if url.path == "/realm/.well-known/openid-configuration":
            self.tell(
                {
                    "issuer": self.issuer,
                    "authorization_endpoint": f"{self.issuer}/authorize",
                    "token_endpoint": f"{self.issuer}/token",
                    "jwks_uri": f"{self.issuer}/keys",
                    **play.get("offer", {}),
                },
                play.get("status", 200),
            )
        elif url.path == "/realm/keys":
            public = [key.as_dict(private=False) for key in KEYS.values()]
            secret = {"kty": "oct", "kid": "hmac", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"}
            self.tell({"keys": [*public, secret]})
        elif url.path == "/realm/authorize":
            asked = {name: values[0] for name, values in parse_qs(url.query).items()}
            code = secrets.token_urlsafe(16)
            codes[code] = asked
            back = {"code": code, "state": asked["state"], **play.get("back", {})}
            self.send_response(302)
            self.send_header("location", f"{asked['redirect_uri']}?{urlencode(back)}")
            self.end_headers()
        else:
            self.tell({}, 404)

    def do_PUT(self):
        play.clear()
        play.update(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        self.tell({})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        given = {name: values[0] for name, values in parse_qs(body).items()}
        pair = base64.b64decode(self.headers.get("authorization", "Basic ")[6:]).decode()
        client, _, secret = pair.partition(":")
        asked = codes.pop(given.get("code", ""), None)
        if (unquote(client), unquote(secret)) != (CLIENT, SECRET):
            return self.tell({"error": "invalid_client"}, 401)
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            asked is None
            or asked["code_challenge_method"] != "S256"
            or asked["code_challenge"] != challenge
            or asked["redirect_uri"] != given["redirect_uri"]
        ):
            return self.tell({"error": "invalid_grant"}, 400)
        return self.tell(
            {"access_token": "x", "token_type": "Bearer", "id_token": self.sign(asked)}
        )

    def sign(self, asked):
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "person-1",
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "preferred_username": "The-Leader",
        }
        claims |= play.get("claims", {})
        claims = {name: value for name, value in claims.items() if value is not None}
        kind = play.get("alg", "RS256")
        if kind == "none":
            parts = ({"alg": "none"}, claims)
            texts = [base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=") for p in parts]
            return b".".join([*texts, b""]).decode()
        if kind == "HS256":
            key = OctKey.import_key("secret-secret-secret-secret")
            return jwt.encode({"alg": kind, "kid": "hmac"}, claims, key)
        if kind == "stranger":
            return jwt.encode({"alg": "RS256", "kid": "rsa"}, claims, STRANGER)
        return jwt.encode({"alg": kind, "kid": KEYS[kind].kid}, claims, KEYS[kind])

    def tell(self, said, status=200):
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}/realm\n")
    sys.stdout.flush()
    server.serve_forever()
