"""Google's service agents: who acts in a project for a service, and what each is granted on its own.

The source: https://cloud.google.com/iam/docs/service-agents.
"""

from __future__ import annotations

from typing import NamedTuple


class Agent(NamedTuple):
    """An identity of Google's in the project. It has the role on the project once its service is used, or none."""

    email: str
    role: str | None


# The addresses by service.
_AGENTS: dict[str, tuple[Agent, ...]] = {
    "aiplatform": (
        Agent("service-{number}@gcp-sa-aiplatform.iam.gserviceaccount.com", "roles/aiplatform.serviceAgent"),
        Agent(
            "service-{number}@gcp-sa-aiplatform-cc.iam.gserviceaccount.com", "roles/aiplatform.customCodeServiceAgent"
        ),
        Agent(
            "service-{number}@gcp-sa-vertex-op.iam.gserviceaccount.com", "roles/aiplatform.onlinePredictionServiceAgent"
        ),
    ),
    "artifactregistry": (
        Agent(
            "service-{number}@gcp-sa-artifactregistry.iam.gserviceaccount.com", "roles/artifactregistry.serviceAgent"
        ),
    ),
    "cloudbuild": (
        Agent("service-{number}@gcp-sa-cloudbuild.iam.gserviceaccount.com", "roles/cloudbuild.serviceAgent"),
    ),
    "cloudfunctions": (
        Agent("service-{number}@gcf-admin-robot.iam.gserviceaccount.com", "roles/cloudfunctions.serviceAgent"),
    ),
    "cloudscheduler": (
        Agent("service-{number}@gcp-sa-cloudscheduler.iam.gserviceaccount.com", "roles/cloudscheduler.serviceAgent"),
    ),
    "compute": (
        Agent("{number}-compute@developer.gserviceaccount.com", None),
        Agent("{number}@cloudservices.gserviceaccount.com", "roles/editor"),
    ),
    "firestore": (Agent("service-{number}@gcp-sa-firestore.iam.gserviceaccount.com", "roles/firestore.serviceAgent"),),
    "pubsub": (Agent("service-{number}@gcp-sa-pubsub.iam.gserviceaccount.com", "roles/pubsub.serviceAgent"),),
    "run": (Agent("service-{number}@serverless-robot-prod.iam.gserviceaccount.com", "roles/run.serviceAgent"),),
    "secretmanager": (Agent("service-{number}@gcp-sa-secretmanager.iam.gserviceaccount.com", None),),
    "storage": (Agent("service-{number}@gs-project-accounts.iam.gserviceaccount.com", None),),
}


def agents_of(api: str, number: str) -> tuple[Agent, ...]:
    """Return the agents that come with the service in the project of this number."""
    return tuple(Agent(_email(agent.email, number), agent.role) for agent in _AGENTS.get(api, ()))


def agent_of(api: str, number: str) -> str:
    """Return the principal that acts for the service."""
    return f"serviceAccount:{agents_of(api, number)[0].email}"


def server_account(number: str) -> str:
    """Return the principal that a deployed model's server acts as where its deployment names no account."""
    return f"serviceAccount:{agents_of('aiplatform', number)[-1].email}"


def is_agent(email: str, number: str) -> bool:
    """Whether the address is that of a service agent of this project; every agent exists for ever."""
    return any(_email(agent.email, number) == email for agents in _AGENTS.values() for agent in agents)


def _email(template: str, number: str) -> str:
    return template.format(number=number)
