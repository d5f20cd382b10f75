"""The questions that only scratch resources answer, each on its own; what one raises says nothing of the others."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from preflight.discovery import answers
from preflight.discovery.artifact import ARTIFACT, artifact
from preflight.records import Written
from vertex_dr.kernel.errors import Denied, NotFound, Unreachable
from vertex_dr.kernel.sides import Side

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from preflight.discovery.answers import Answer
    from preflight.ports import Scratch
    from vertex_dr.kernel.clock import Clock, Sleep

__all__ = ["Questions"]

T = TypeVar("T")

_FIRST, _SECOND = {"preflight-first": "one"}, {"preflight-second": "two"}
_CREATES = "storage.objects.create"
_PIPELINE = b"""\
components: {}
deploymentSpec: {}
pipelineInfo:
  name: vertex-dr-preflight
root:
  dag:
    tasks: {}
schemaVersion: 2.1.0
sdkVersion: kfp-2.13.0
"""
# Google: typically two minutes, seven or longer now and then. https://cloud.google.com/iam/docs/access-change-propagation
_LONGEST_GRANT_SECONDS = 900.0
_PAUSE_SECONDS = 1.0


@dataclass
class Questions:
    """The questions of one run; what one makes, a later one goes on with."""

    scratch: Scratch
    regions: Mapping[Side, str]
    clock: Clock
    sleep: Sleep
    longest_grant_seconds: float = _LONGEST_GRANT_SECONDS
    _bucket: str = field(default="", init=False)
    _version: str = field(default="", init=False)

    def all(self) -> dict[str, Callable[[], Answer]]:
        """Return the questions by their sentence, in the order in which they must be asked."""
        return {
            "does a whole blob go up with a bearer token?": self.blob,
            "is the same pipeline spec the same version in both regions?": self.digests,
            "how long until a grant holds, and what does a create-only writer get that meets an existing name?": (
                self.create_only
            ),
            "where do the labels of an upload land?": self.labels,
            "where does a custom-trained export lie?": self.layout,
            "does an endpoint go while a model is deployed to it?": self.destroy,
        }

    @property
    def region(self) -> str:
        """Return primary's region, where everything that needs one region only is made."""
        return self.regions[Side.PRIMARY]

    def blob(self) -> Answer:
        """Push two blobs, one in each way."""
        repository = self.scratch.repositories.make(self.region, "DOCKER")
        contents = [hashlib.sha256(word).digest() for word in (b"in two", b"at once")]
        in_two = self.scratch.repositories.push_blob(self.region, repository, contents[0], at_once=False)
        at_once = self.scratch.repositories.push_blob(self.region, repository, contents[1], at_once=True)
        return answers.pushed(in_two, at_once)

    def digests(self) -> Answer:
        """Publish one spec in both regions."""
        repositories = self.scratch.repositories
        return answers.digests(
            {
                region: repositories.publish(region, repositories.make(region, "KFP"), _PIPELINE)
                for region in self.regions.values()
            }
        )

    def create_only(self) -> Answer:
        """Write twice as an account that may create and do nothing else, once its grants hold."""
        bucket, email = self._own_bucket(), self.scratch.accounts.make()
        started = self.clock()
        token = self._once_it_holds(f"act as {email}", lambda: self._token(email))
        acting = (self.clock() - started).total_seconds()
        self.scratch.buckets.grant(bucket, "roles/storage.objectCreator", email)
        started = self.clock()
        self._once_it_holds(
            f"create in {bucket} as {email}", lambda: self.scratch.buckets.may(bucket, _CREATES, token) or None
        )
        creating = (self.clock() - started).total_seconds()
        # The test may be told before the service that serves the write: the first write is the proof.
        first = self._once_it_holds(f"write to {bucket} as {email}", lambda: self._created(bucket, token))
        answer = answers.create_only(self.scratch.buckets.write(bucket, first, b"again", token=token))
        told = f"to act as an account {acting:.0f} s, to create in a bucket {creating:.0f} s"
        return answer._replace(text=f"grants held after: {told}; {answer.text}")

    def labels(self) -> Answer:
        """Upload two versions with a label each, and look at the model and at both."""
        models, bucket = self.scratch.models, self._own_bucket()
        for name, content in artifact().items():
            self.scratch.buckets.write(bucket, f"model/{name}", content)
        uri = f"gs://{bucket}/model"
        self._version = models.upload(self.region, uri, _FIRST)
        name = self._version.partition("@")[0]
        second = models.upload(self.region, uri, _SECOND, parent=name)
        views = {
            "the model": models.labels(name),
            "version 1": models.labels(self._version),
            "version 2": models.labels(second),
        }
        return answers.upload_labels(_FIRST, _SECOND, views)

    def layout(self) -> Answer:
        """Export the first version, and look where its files are."""
        asked = f"gs://{self._own_bucket()}/export"
        told = self.scratch.models.export(self._uploaded(), asked)
        bucket, _, prefix = told.removeprefix("gs://").partition("/")
        found = [name.removeprefix(f"{prefix}/") for name in self.scratch.buckets.names(bucket, f"{prefix}/")]
        return answers.export_layout(told, asked, found, ARTIFACT)

    def destroy(self) -> Answer:
        """Deploy the first version, and delete the endpoint as Terraform would."""
        endpoint = self.scratch.models.make_endpoint(self.region)
        self.scratch.models.deploy(endpoint, self._uploaded())
        return answers.destroyed(is_refused=not self.scratch.models.destroy(endpoint))

    def _own_bucket(self) -> str:
        self._bucket = self._bucket or self.scratch.buckets.make(self.region)
        return self._bucket

    def _uploaded(self) -> str:
        if not self._version:
            raise Unreachable("go on with the uploaded model", found="there is none", then="see why the upload failed")
        return self._version

    def _token(self, email: str) -> str | None:
        try:
            return self.scratch.accounts.token(email)
        except (Denied, NotFound) as error:  # the grant, and the account itself, may not be everywhere yet
            if "disabled" in error.found:  # an API that is off stays off
                raise
            return None

    def _created(self, bucket: str, token: str) -> str | None:
        outcome = self.scratch.buckets.write(bucket, "create-only", b"once", token=token)
        return None if outcome is Written.FORBIDDEN else "create-only"

    def _once_it_holds(self, tried: str, question: Callable[[], T | None]) -> T:
        """Return the first answer that is one; raises Unreachable when there is none in time."""
        until = self.clock().timestamp() + self.longest_grant_seconds
        while (answer := question()) is None:
            if self.clock().timestamp() >= until:
                found = f"refused for {self.longest_grant_seconds:.0f} s"
                raise Unreachable(tried, found=found, then="see whether a deny policy or condition forbids it")
            self.sleep(_PAUSE_SECONDS)
        return answer
