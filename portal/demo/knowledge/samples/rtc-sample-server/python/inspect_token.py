"""Shows what is in a token, and whether your certificate signed it.

python inspect_token.py TOKEN [CERTIFICATE_BASE64]
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import sys
import time
from typing import Any


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def inspect(token: str, certificate: bytes | None, now: float) -> list[str]:
    """Lines to print. Raises ValueError for something that is no token (error 1101)."""
    parts = token.strip().strip("\"'").split(".")
    if len(parts) != 3:
        raise ValueError(f"{len(parts)} parts instead of 3: cut off, or encoded twice?")
    header: dict[str, Any] = json.loads(decoded(parts[0]))
    claims: dict[str, Any] = json.loads(decoded(parts[1]))
    lines = [f"key id    {header.get('kid', 'missing')}"]
    lines += [f"{name:<9} {claims.get(name, 'missing')}" for name in ("app", "sub", "room", "can")]
    left = int(claims.get("exp", 0) - now)
    lines.append(f"expires   in {left} s" if left > 0 else f"expires   {-left} s AGO: 1102")
    if claims.get("iat", 0) - now > 60:
        lines.append("issued    in the future: your server's clock is fast")
    if certificate is not None:
        expected = hmac.new(certificate, ".".join(parts[:2]).encode(), hashlib.sha256).digest()
        same = hmac.compare_digest(expected, decoded(parts[2]))
        lines.append("signature ok" if same else "signature DOES NOT MATCH: 1104")
    return lines


def main() -> None:
    certificate = base64.b64decode(sys.argv[2]) if len(sys.argv) > 2 else None
    try:
        lines = inspect(sys.argv[1], certificate, time.time())
        sys.stdout.write("\n".join(lines) + "\n")
    except ValueError as error:
        sys.exit(f"not a token: {error}")


if __name__ == "__main__":
    main()
