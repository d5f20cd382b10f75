"""A question that fails is kept with its reason, and every other one is asked all the same."""

from __future__ import annotations

import pytest

from preflight.observe import observe
from preflight.records import Billing, Unasked
from tests.preflight.samples import declaration, project
from vertex_dr.kernel.errors import BadSettings, Denied

QUESTIONS = ("services", "billing", "locations", "limits", "policy", "permissions")


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_that_is_refused_is_kept_with_its_reason(question: str) -> None:
    ports = project()
    ports.facts.faults.fail(question, with_=Denied("ask", found="403", then="get the role"))

    seen = observe(declaration(), ports)

    answers = [
        seen.services,
        seen.billing,
        seen.quotas,
        seen.permissions,
        *seen.locations.values(),
        *seen.policies.values(),
    ]
    refused = [one for one in answers if isinstance(one, Unasked)]
    assert refused
    assert set(refused) == {Unasked(found="403", then="get the role")}
    assert len(refused) < len(answers)


def test_a_name_that_cannot_be_asked_leaves_the_others() -> None:
    ports = project()
    ports.names.faults.fail("held", nth=1, with_=Denied("ask", found="403", then="get the role"))

    seen = observe(declaration(), ports)

    assert sum(isinstance(one, Unasked) for one in seen.names.values()) == 1
    assert seen.billing == Billing(is_enabled=True, account="billingAccounts/1")


def test_without_credentials_nothing_is_reported() -> None:
    ports = project()
    ports.facts.faults.fail("billing", with_=BadSettings("find credentials", found="none", then="log in"))

    with pytest.raises(BadSettings):
        observe(declaration(), ports)
