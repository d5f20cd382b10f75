"""Google's host names: which API a host is, and which region it stands for. The one table of them.

Sources: each API's service endpoints in its reference (`aiplatform.googleapis.com` for regional hosts, Artifact
Registry's repository names, Cloud Run's and Cloud Functions' URLs), https://cloud.google.com/vpc/docs/regional-service-endpoints
for `API.REGION.rep.googleapis.com`, and the codes of regions in https://cloud.google.com/run/docs/locations.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Destination", "Hosts", "below_www", "code_of"]

# Hosts of one region: `{region}-…`. Beside Vertex AI they are data planes; what serves them is their name here.
_OF_A_REGION = {
    "aiplatform.googleapis.com": "aiplatform",
    "docker.pkg.dev": "docker",
    "kfp.pkg.dev": "kfp",
}
# APIs that Google also serves at `{api}.{region}.rep.googleapis.com`.
_REGIONAL_ENDPOINTS = ("aiplatform", "secretmanager", "storage")
_WHOLE = {
    "accounts.google.com": "oauth2",
    "oauth2.googleapis.com": "oauth2",
    "openidconnect.googleapis.com": "oauth2",
    "sts.googleapis.com": "oauth2",
    "www.googleapis.com": "www",
    "metadata.google.internal": "metadata",
    "169.254.169.254": "metadata",
}
_GLOBAL = (
    "aiplatform",
    "artifactregistry",
    "cloudbilling",
    "cloudbuild",
    "cloudfunctions",
    "cloudresourcemanager",
    "cloudscheduler",
    "compute",
    "firestore",
    "iam",
    "iamcredentials",
    "orgpolicy",
    "pubsub",
    "run",
    "secretmanager",
    "serviceusage",
    "storage",
)
# What www.googleapis.com serves of other APIs, by the first segments of the path.
_BELOW_WWW = {
    "/batch/storage/": "storage",
    "/compute/": "compute",
    "/download/storage/": "storage",
    "/resumable/upload/storage/": "storage",
    "/storage/": "storage",
    "/upload/storage/": "storage",
}
# In the host names of Cloud Run's services: https://NAME-HASH-CODE.a.run.app
_CODES = {
    "africa-south1": "bq",
    "asia-east1": "de",
    "asia-east2": "df",
    "asia-northeast1": "an",
    "asia-northeast2": "dt",
    "asia-northeast3": "du",
    "asia-south1": "el",
    "asia-south2": "em",
    "asia-southeast1": "as",
    "asia-southeast2": "et",
    "australia-southeast1": "ts",
    "australia-southeast2": "km",
    "europe-central2": "lm",
    "europe-north1": "lz",
    "europe-southwest1": "no",
    "europe-west1": "ew",
    "europe-west2": "nw",
    "europe-west3": "ey",
    "europe-west4": "ez",
    "europe-west6": "oa",
    "europe-west8": "oc",
    "europe-west9": "od",
    "me-west1": "zf",
    "northamerica-northeast1": "nn",
    "northamerica-northeast2": "pd",
    "southamerica-east1": "rj",
    "southamerica-west1": "tl",
    "us-central1": "uc",
    "us-east1": "ue",
    "us-east4": "uk",
    "us-east5": "ul",
    "us-south1": "vp",
    "us-west1": "uw",
    "us-west2": "wl",
    "us-west3": "wm",
    "us-west4": "wn",
}
_REGIONAL_ENDPOINT = re.compile(r"([a-z0-9]+)\.([a-z0-9-]+)\.rep\.googleapis\.com")


@dataclass(frozen=True, slots=True)
class Destination:
    """What a host means: the API, or whatever else answers there, and the region that it alone stands for."""

    api: str
    region: str | None = None


class Hosts:
    """The hosts of one cloud, which has these regions and no others."""

    def __init__(self, regions: Sequence[str]) -> None:
        self._regions = regions
        self._by_code = {code_of(region): region for region in regions}

    def find(self, host: str) -> Destination | None:
        """Return what the host means, None for one that is not served here."""
        host = host.lower().rstrip(".")
        if host in ("localhost", "127.0.0.1"):
            return Destination("localcloud")
        if whole := _WHOLE.get(host):
            return Destination(whole)
        return self._of_google(host) or self._of_run(host) or self._of_functions(host)

    def regional(self, api: str, region: str) -> str:
        """Return the host of the API in the region, such as `europe-west4-aiplatform.googleapis.com`."""
        return next(f"{region}-{rest}" for rest, known in _OF_A_REGION.items() if known == api)

    def _of_google(self, host: str) -> Destination | None:
        for region in self._regions:
            if host.startswith(f"{region}-") and (api := _OF_A_REGION.get(host.removeprefix(f"{region}-"))):
                return Destination(api, region)
        api = host.removesuffix(".googleapis.com")
        if api != host and api in _GLOBAL:
            return Destination(api)
        match = _REGIONAL_ENDPOINT.fullmatch(host)
        if match and match[1] in _REGIONAL_ENDPOINTS and match[2] in self._regions:
            return Destination(match[1], match[2])
        return None

    def _of_run(self, host: str) -> Destination | None:
        if not host.endswith(".run.app"):
            return None
        service, _, place = host.removesuffix(".run.app").rpartition(".")
        region = self._by_code.get(service.rpartition("-")[2]) if place == "a" else place
        return Destination("run.app", region) if region in self._regions else None

    def _of_functions(self, host: str) -> Destination | None:
        name = host.removesuffix(".cloudfunctions.net")
        region = next((one for one in self._regions if name.startswith(f"{one}-")), None)
        return Destination("cloudfunctions.net", region) if name != host and region else None


def below_www(path: str) -> str:
    """Return the API that answers for this path of www.googleapis.com."""
    return next((api for start, api in _BELOW_WWW.items() if path.startswith(start)), "oauth2")


def code_of(region: str) -> str:
    """Return the region's code in the host names of Cloud Run; a region without a known one stands for itself."""
    return _CODES.get(region, region)
