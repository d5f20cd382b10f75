from __future__ import annotations

from datetime import UTC, datetime

from drill.evidence.assemble import assemble
from drill.evidence.findings import check
from drill.evidence.logbook import Logbook
from drill.evidence.records import Accuracy, Report, Span, Terraform, TerraformResult
from drill.evidence.samples import Arrival, Sample
from preflight.records import Discovery, PreflightFinding, PreflightReport
from vertex_dr.kernel.assets import AssetKind
from vertex_dr.kernel.settings import PolicySettings
from vertex_dr.kernel.sides import Side
from vertex_dr.kernel.verdict import Verdict
from vertex_dr.traffic.records import Change, Destination, Phase, Selector

BEGAN = 1_000.0
OUTAGE = BEGAN + 60
FLIP = OUTAGE + 9
HEALED = OUTAGE + 60


def sample(at: float, side: Side, *, tries: int = 1, ms: float = 10, golden: bool = True) -> Sample:
    return Sample(at=at, ms=ms, client=int(at) % 8, side=side, tries=tries, golden=golden)


def flip_to_dr() -> Change:
    selector = Selector(
        service="diagnosis",
        epoch=2,
        active=Side.DR,
        sides={side: Destination(region=side.value, endpoint="1", image_repository="vdr-images") for side in Side},
        phase=Phase.FAILED_OVER,
        hold=None,
        changed_at=datetime.fromtimestamp(FLIP, UTC),
        changed_by="assess_regions in dr",
        reason="primary failed",
    )
    return Change(flip_id="a1", from_side=Side.PRIMARY, selector=selector)


def good_logbook() -> Logbook:
    """A drill in which all went well."""
    before = [sample(OUTAGE - 20 + n / 10, Side.PRIMARY) for n in range(200)]
    during = [sample(OUTAGE + n / 10, Side.DR, tries=2, ms=40) for n in range(90)]
    after = [sample(FLIP + n / 10, Side.DR) for n in range(500)]
    return Logbook(
        findings=[check("model-replicated", holds=True, expected="all", found="all", phase="replication")],
        accuracy={side: Accuracy(measured=0.97, trained=0.97, verdict=Verdict.PASS) for side in Side},
        flips=[flip_to_dr()],
        samples=before + during + after,
        arrivals=[
            Arrival(at=s.at, region="europe-west1", endpoint="1", model_version="2", attempt="1", status=200)
            for s in after
        ],
        outage_at=OUTAGE,
        healed_at=HEALED,
        detected_at=OUTAGE + 8,
        decided_at=OUTAGE + 8.5,
        flipped_at=FLIP,
        recovered_at=FLIP + 0.01,
        held={AssetKind.MODEL_VERSION: {"diagnosis@primary-2": BEGAN, "diagnosis@primary-3": OUTAGE - 5}},
        survived={AssetKind.MODEL_VERSION: {"diagnosis@primary-2"}},
        found_again={AssetKind.MODEL_VERSION: {"diagnosis@primary-2", "diagnosis@primary-3"}},
        figures={"localcloud ready, s": 2.5},
    )


def probed() -> PreflightReport:
    """What a preflight with scratch resources left behind."""
    billing = {"check": "billing", "subject": "demo", "expected": "an account"}
    return PreflightReport(
        verdict=Verdict.INCONCLUSIVE,
        at=datetime.fromtimestamp(BEGAN, UTC),
        project="demo",
        regions={Side.PRIMARY: "europe-west4", Side.DR: "europe-west1"},
        findings=(
            PreflightFinding(**billing, verdict=Verdict.PASS, found="billingAccounts/1"),
            PreflightFinding(**billing, verdict=Verdict.INCONCLUSIVE, found="403 <denied>", remedy="get the role"),
        ),
        discoveries=(Discovery(question="where?", verdict=Verdict.PASS, answer="below model-1", seconds=1.5),),
    )


def assembled(book: Logbook, *, sabotage: str | None = None, preflight: PreflightReport | None = None) -> Report:
    return assemble(
        book,
        policy=PolicySettings(),
        regions={Side.PRIMARY: "europe-west4", Side.DR: "europe-west1"},
        started_at=BEGAN,
        ended_at=BEGAN + 130,
        spans=[Span(name="two regions come up", kind="phase", started_at=BEGAN, ended_at=BEGAN + 5)],
        terraform=Terraform(
            version="1.11.4",
            provider="stand-in for hashicorp/google",
            provider_version="1",
            stand_in=True,
            results=(
                TerraformResult(
                    environment="dr", command="plan", seconds=2, added=0, changed=0, removed=0, verdict=Verdict.PASS
                ),
            ),
        ),
        environment={"Python": "3.11"},
        sabotage=sabotage,
        wanted_predictions=700,
        preflight=preflight,
    )
