"""Reading a model's artifact from Cloud Storage with the standard library alone.

A client library would be most of the image; three calls of the JSON API are enough to read a folder once.
"""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

ATTEMPTS = 5
STORAGE = "https://storage.googleapis.com"


def read(uri: str) -> dict[str, bytes]:
    """Return every file under the gs:// folder by its relative name.

    Raises RuntimeError when the folder is empty or the bucket does not answer within five attempts.
    """
    bucket, _, folder = uri.removeprefix("gs://").partition("/")
    prefix = folder.rstrip("/") + "/" if folder else ""
    quoted = urllib.parse.quote(bucket, safe="")
    listing = json.loads(_get(f"/storage/v1/b/{quoted}/o?prefix={urllib.parse.quote(prefix, safe='')}"))
    names = [item["name"] for item in listing.get("items", []) if not item["name"].endswith("/")]
    if not names:
        raise RuntimeError(
            f"cannot load the model from {uri}: no object is there; upload its artifact and deploy again"
        )
    return {
        name.removeprefix(prefix): _get(
            f"/download/storage/v1/b/{quoted}/o/{urllib.parse.quote(name, safe='')}?alt=media"
        )
        for name in names
    }


def _get(path: str) -> bytes:
    last: Exception | None = None
    for attempt in range(ATTEMPTS):
        time.sleep(attempt * 0.2)
        try:
            request = urllib.request.Request(STORAGE + path, headers=_authorization())  # noqa: S310 - https, above
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - https, above
                data: bytes = answer.read()
                return data
        except urllib.error.HTTPError as exc:
            last = exc
            if exc.code < 500 and exc.code != 429:  # noqa: PLR2004 - only a server's own trouble passes by waiting
                break
        except OSError as exc:
            last = exc
    raise RuntimeError(
        f"cannot read {STORAGE}{path}: {last}; check that the bucket answers and the identity may read it"
    )


def _authorization() -> dict[str, str]:
    """Return the header with the identity's token from the metadata server."""
    host = os.environ.get("GCE_METADATA_HOST", "metadata.google.internal")
    url = f"http://{host}/computeMetadata/v1/instance/service-accounts/default/token"
    request = urllib.request.Request(url, headers={"Metadata-Flavor": "Google"})
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - http by contract
        token: dict[str, Any] = json.load(answer)
    return {"Authorization": f"Bearer {token['access_token']}"}
