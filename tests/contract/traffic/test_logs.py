"""Probe log, readiness log, journals and golden values: what is written is what is read."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.contract.traffic.project import INSTANCES
from tests.traffic.samples import NOW, trail
from vertex_dr.kernel.errors import DamagedRecord, NotFound
from vertex_dr.kernel.sides import Side
from vertex_dr.kernel.verdict import Verdict
from vertex_dr.traffic.records import Readiness

if TYPE_CHECKING:
    from tests.contract.traffic.project import TrafficProject
    from vertex_dr.traffic.ports import ProbeLog, ReadinessLog
    from vertex_dr.wiring.google_ports import GooglePorts


@pytest.fixture
def probes(ports: Any) -> ProbeLog:
    return ports.probes


@pytest.fixture
def readiness(ports: Any) -> ReadinessLog:
    return ports.readiness


def known(side: Side, lag: float | None) -> Readiness:
    findings = ("model-replicated: diagnosis primary-3 is missing",)
    return Readiness(side=side, verdict=Verdict.PASS, findings=findings, observed_at=NOW, lag_seconds=lag)


def test_before_the_first_probe_there_is_no_trail(probes: ProbeLog) -> None:
    assert probes.trails() == ()


def test_trails_are_kept_by_prober_and_target(probes: ProbeLog) -> None:
    probes.record((trail("dr>primary failed 1 over 1 s"), trail("dr>dr golden")))
    probes.record((trail("dr>primary failed 2 over 6 s"), trail("dr>dr golden")))
    probes.record((trail("primary>primary golden"),))

    assert set(probes.trails()) == {
        trail("dr>primary failed 2 over 6 s"),
        trail("dr>dr golden"),
        trail("primary>primary golden"),
    }


def test_a_side_that_nobody_verified_has_no_readiness(readiness: ReadinessLog) -> None:
    assert readiness.readiness(Side.DR) is None


def test_the_last_readiness_of_each_side_counts(readiness: ReadinessLog) -> None:
    readiness.record(known(Side.DR, 60))
    readiness.record(known(Side.DR, None))
    readiness.record(known(Side.PRIMARY, 0.5))

    assert readiness.readiness(Side.DR) == known(Side.DR, None)
    assert readiness.readiness(Side.PRIMARY) == known(Side.PRIMARY, 0.5)


def test_damaged_trails_and_readiness_are_named(google: GooglePorts) -> None:
    service = google.settings.service
    google._documents.put({f"probes/{service}.dr.dr": {"schema": 1}, f"readiness/{service}.dr": {}})

    with pytest.raises(DamagedRecord, match="delete the document: the next probe writes it anew"):
        google.probes.trails()
    with pytest.raises(DamagedRecord, match="run verify_replicas"):
        google.readiness.readiness(Side.DR)


def test_golden_values_have_a_prediction_for_each_instance(ports: Any) -> None:
    found = ports.golden.golden()

    assert len(found.instances) == len(found.predictions) > 0


def test_golden_values_are_read_from_the_artifact_bucket(google: GooglePorts) -> None:
    assert google.golden.golden().instances == INSTANCES


def test_a_journal_that_is_kept_twice_lies_in_two_places(ports: Any) -> None:
    addresses = {ports.journals.keep("fail_over", known(Side.DR, 1)) for _ in range(2)}

    assert len(addresses) == 2
    assert all(re.fullmatch(r"gs://[^/]+/journals/fail_over/.+\.json", address) for address in addresses)


def test_golden_values_that_nobody_wrote_or_that_are_damaged_are_named(
    google: GooglePorts, project: TrafficProject
) -> None:
    settings = google.settings
    name = f"golden/{settings.service}.json"
    project.write(settings.artifact_bucket, name, b'{"schema": 1}')
    with pytest.raises(DamagedRecord, match="missing required field `instances`"):
        google.golden.golden()
    path = f"/storage/v1/b/{settings.artifact_bucket}/o/{name.replace('/', '%2F')}"
    project.call("DELETE", path, accept=(200, 204))

    with pytest.raises(NotFound, match=name):
        google.golden.golden()


def test_journals_lie_in_the_own_sides_staging_bucket(google: GooglePorts, project: TrafficProject) -> None:
    address = google.journals.keep("fail_over", known(Side.DR, 1))

    bucket, _, name = address.removeprefix("gs://").partition("/")
    path = f"/storage/v1/b/{bucket}/o/{name.replace('/', '%2F')}?alt=media"
    found: Any = project.call("GET", path)
    assert (bucket, name.rpartition("/")[0]) == (google.settings.own.staging_bucket, "journals/fail_over")
    assert (found if isinstance(found, dict) else json.loads(found.content))["side"] == "dr"
