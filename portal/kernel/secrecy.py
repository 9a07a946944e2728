"""What only this site can make: digests with its secret key, by which a value is known again and cannot be read."""

from __future__ import annotations

import hashlib
import hmac

from flask import current_app


def keyed(said: str) -> bytes:
    """The digest of a text with the site's secret."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, said.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
