"""A small OpenID Connect server on loopback, as strict as a real one: it takes a code once, from the client that it
knows, for the address that the code was given for, with the verifier of its challenge (PKCE)."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "vakhta", "a secret of the client"


@dataclass
class OidcServer:
    """`person`: what it says of whoever comes; `error`: what it says instead of a code."""

    url: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    error: str = ""
    is_broken: bool = False
    asked: list[str] = field(default_factory=list)
    """Paths, in order."""
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)
    _tokens: set[str] = field(default_factory=set)
    _key: Any = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/jwks",
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def authorize(self, said: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        assert said["client_id"] == CLIENT and said["response_type"] == "code"
        assert said["code_challenge_method"] == "S256" and "openid" in said["scope"].split()
        if self.error:
            return f"{said['redirect_uri']}?{urlencode({'error': self.error, 'state': said['state']})}"
        code = secrets.token_urlsafe()
        self._codes[code] = said
        return f"{said['redirect_uri']}?{urlencode({'code': code, 'state': said['state']})}"

    def token(self, said: dict[str, str]) -> dict[str, Any] | None:
        """None when anything does not fit."""
        known = self._codes.pop(said.get("code", ""), None)
        digest = hashlib.sha256(said.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        right = (
            known is not None
            and (said.get("client_id"), said.get("client_secret")) == (CLIENT, SECRET)
            and known["redirect_uri"] == said.get("redirect_uri")
            and known["code_challenge"] == challenge
        )
        if not right:
            return None
        token, now = secrets.token_urlsafe(), int(time.time())
        self._tokens.add(token)
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 60, **self.person}
        signed = jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": "1"})
        return {"access_token": token, "token_type": "Bearer", "expires_in": 60, "id_token": signed}

    def userinfo(self, authorization: str) -> dict[str, Any] | None:
        return self.person if authorization.removeprefix("Bearer ") in self._tokens else None

    def keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key()))
        return {"keys": [{**public, "kid": "1", "use": "sig", "alg": "RS256"}]}


def _handler(server: OidcServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_words: object) -> None:
            """Quiet."""

        def _json(self, said: dict[str, Any] | None) -> None:
            body = (
                b"no json at all" if server.is_broken else json.dumps(said or {"error": "invalid"}).encode()
            )
            self.send_response(200 if said else 400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            server.asked.append(parts.path)
            if parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", server.authorize(_flat(parts.query)))
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif parts.path == "/userinfo":
                self._json(server.userinfo(self.headers.get("Authorization", "")))
            else:
                self._json(server.keys() if parts.path == "/jwks" else server.configuration())

        def do_POST(self) -> None:
            server.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._json(server.token(_flat(body)))

    return Handler


def _flat(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}


@contextmanager
def oidc_server() -> Iterator[OidcServer]:
    known = OidcServer()
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(known)) as http:
        known.url = f"http://127.0.0.1:{http.server_address[1]}"
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        try:
            yield known
        finally:
            http.shutdown()
            thread.join()
