"""google_storage_bucket: changed by a patch without a mask, in which null removes.

Never destroyed with objects in it unless forced.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from localcloud.terraform_provider.errors import ProviderError
from localcloud.terraform_provider.resources.standard import StandardResource
from localcloud.terraform_provider.values import is_known

if TYPE_CHECKING:
    from localcloud.terraform_provider.configuration import Configuration
    from localcloud.terraform_provider.session import Session
    from localcloud.terraform_provider.values import Values

_LIVE = {"LIVE": True, "ARCHIVED": False}
_IF_ZERO = {
    "age": "send_age_if_zero",
    "num_newer_versions": "send_num_newer_versions_if_zero",
    "days_since_custom_time": "send_days_since_custom_time_if_zero",
    "days_since_noncurrent_time": "send_days_since_noncurrent_time_if_zero",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket(StandardResource):
    """A bucket of Cloud Storage."""

    def plan(self, prior: Values | None, config: Values, planned: Values, configuration: Configuration) -> None:
        """Locations are upper case whatever the user writes; the project is known after the apply."""
        project = planned["project"]
        StandardResource.plan(self, prior, config, planned, configuration)
        planned["project"] = project
        if isinstance(planned["location"], str):
            planned["location"] = planned["location"].upper()

    def create(self, session: Session, planned: Values) -> Values:
        """Make the bucket exist."""
        project = planned["project"]
        query = {"project": project if is_known(project) else session.configuration.project}
        if planned.get("enable_object_retention"):
            query["enableObjectRetention"] = "true"
        session.call("storage", "POST", "b", self.body(planned), query=query)
        return self.created(session, planned)

    def update(self, session: Session, prior: Values, planned: Values) -> Values:
        """Send what has changed; a label or a setting that is gone is sent as null."""
        before, after = self.body(prior), self.body(planned)
        patch = {name: after.get(name) for name in {**before, **after} if before.get(name) != after.get(name)}
        if isinstance(before.get("labels"), dict) and "labels" in patch:
            patch["labels"] = dict.fromkeys(before["labels"]) | (after.get("labels") or {})
        if patch:
            session.call("storage", "PATCH", self.path(prior, session.configuration), patch)
        return self.read(session, planned)

    def remove(self, session: Session, state: Values) -> None:
        """Delete the bucket, and first every version of every object if the state says force_destroy."""
        bucket = self.path(state, session.configuration)
        listed = session.call("storage", "GET", f"{bucket}/o", query={"versions": "true"})
        while items := listed.get("items"):
            if not state.get("force_destroy"):
                raise ProviderError(
                    f"Error trying to delete bucket {state['name']} containing objects without `force_destroy`"
                    f" set to true"
                )
            for item in items:
                name, generation = quote(item["name"], safe=""), str(item.get("generation", ""))
                session.call(
                    "storage", "DELETE", f"{bucket}/o/{name}", query={"generation": generation} if generation else {}
                )
            listed = session.call("storage", "GET", f"{bucket}/o", query={"versions": "true"})
        session.call("storage", "DELETE", bucket)

    def imported(self, identifier: str, configuration: Configuration) -> Values:
        """Return the values of "{name}" or "{project}/{name}"."""
        project, _, name = identifier.rpartition("/")
        return self.empty() | {"name": name, "project": project or configuration.project or None}

    def body(self, planned: Values) -> dict[str, Any]:
        """Return the bucket with its lifecycle rules and access settings in the API's form."""
        body = StandardResource.body(self, planned)
        body["lifecycle"] = {
            "rule": [
                _rule(rule, sent)
                for rule, sent in zip(
                    planned.get("lifecycle_rule") or [], (body.get("lifecycle") or {}).get("rule", []), strict=True
                )
            ]
        }
        if (uniform := planned.get("uniform_bucket_level_access")) is not None:
            enabled = uniform is True
            body.setdefault("iamConfiguration", {})["uniformBucketLevelAccess"] = {"enabled": enabled}
        for name in ("versioning", "autoclass"):
            for setting in _elements(planned, name):
                body.setdefault(name, {})["enabled"] = bool(setting.get("enabled"))
        for policy in _elements(planned, "soft_delete_policy"):
            body["softDeletePolicy"] = {"retentionDurationSeconds": str(policy.get("retention_duration_seconds") or 0)}
        return body

    def state(
        self, configuration: Configuration, prior: Values, path: str, found: dict[str, Any], *, importing: bool = False
    ) -> Values:
        """Return the state with what the API says in other words."""
        state = StandardResource.state(self, configuration, prior, path, found, importing=importing)
        state |= {"url": f"gs://{state['name']}", "location": str(found.get("location", "")).upper()}
        state["rpo"] = found.get("rpo")
        earlier = prior.get("lifecycle_rule") or []
        rules = (found.get("lifecycle") or {}).get("rule", [])
        for index, (rule, sent) in enumerate(zip(state["lifecycle_rule"], rules, strict=True)):
            before = earlier[index]["condition"] if index < len(earlier) else []
            for condition in rule["condition"]:
                live = (sent.get("condition") or {}).get("isLive")
                condition["with_state"] = "ANY" if live is None else "LIVE" if live else "ARCHIVED"
                for switch in _IF_ZERO.values():
                    condition[switch] = (before[0].get(switch) if before else None) or False
        return state


def _elements(planned: Values, name: str) -> list[Values]:
    """Return the blocks of a kind; none where they are not known yet."""
    elements = planned.get(name)
    return elements if isinstance(elements, list) else []


def _rule(rule: Values, sent: dict[str, Any]) -> dict[str, Any]:
    """Return a lifecycle rule with one action, one condition, and the condition's live state and wanted zeros."""
    condition = rule["condition"][0]
    made = {name: (part[0] if isinstance(part, list) else part) for name, part in sent.items()}
    sent_condition = made.setdefault("condition", {})
    if condition.get("with_state") in _LIVE:
        sent_condition["isLive"] = _LIVE[condition["with_state"]]
    for attribute, switch in _IF_ZERO.items():
        if condition.get(switch) and condition.get(attribute) == 0:
            head, *rest = attribute.split("_")
            sent_condition[head + "".join(word.title() for word in rest)] = 0
    return made
