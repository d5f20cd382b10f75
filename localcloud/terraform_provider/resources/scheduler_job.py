"""google_cloud_scheduler_job: paused or resumed by a verb of its own after every create."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from localcloud.terraform_provider.resources.standard import StandardResource

if TYPE_CHECKING:
    from localcloud.terraform_provider.configuration import Configuration
    from localcloud.terraform_provider.session import Session
    from localcloud.terraform_provider.values import Values

_WHOLE_CLOUD = "https://www.googleapis.com/auth/cloud-platform"
_ADDED = {
    ("User-Agent", "Google-Cloud-Scheduler"),
    ("User-Agent", "AppEngine-Google; (+http://code.google.com/appengine)"),
    ("Content-Type", "application/octet-stream"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulerJob(StandardResource):
    """A job of Cloud Scheduler."""

    def plan(self, prior: Values | None, config: Values, planned: Values, configuration: Configuration) -> None:
        """A token's audience is the target's URL, and its scope the whole cloud, unless they are set.

        So the server fills them.
        """
        StandardResource.plan(self, prior, config, planned, configuration)
        for before, after in zip((prior or {}).get("http_target") or [], _targets(planned), strict=False):
            for token, setting, default in (
                ("oidc_token", "audience", before["uri"]),
                ("oauth_token", "scope", _WHOLE_CLOUD),
            ):
                for old, new in zip(before[token], after[token], strict=False):
                    if not new[setting] and old[setting] == default:
                        new[setting] = default

    def create(self, session: Session, planned: Values) -> Values:
        """Make the job exist, running or paused."""
        path = self.path(planned, session.configuration)
        session.call("cloud_scheduler", "POST", path.rpartition("/")[0], {**self.body(planned), "name": path})
        self._pause(session, path, planned)
        return self.created(session, planned)

    def update(self, session: Session, prior: Values, planned: Values) -> Values:
        """Change the job; its state changes by its own verb only."""
        path = self.path(prior, session.configuration)
        paused = prior.get("paused") != planned.get("paused")
        if paused or self.changed(prior, planned):
            session.call("cloud_scheduler", "PATCH", path, self.update_body(prior, planned))
        if paused:
            self._pause(session, path, planned)
        return self.read(session, planned)

    def _pause(self, session: Session, path: str, planned: Values) -> None:
        session.call("cloud_scheduler", "POST", f"{path}:{'pause' if planned.get('paused') is True else 'resume'}", {})

    def state(
        self, configuration: Configuration, prior: Values, path: str, found: dict[str, Any], *, importing: bool = False
    ) -> Values:
        """Return the state; whether the job is paused is read from its state, so that a pause by hand is seen."""
        state = StandardResource.state(self, configuration, prior, path, found, importing=importing)
        state["paused"] = found.get("state") == "PAUSED"
        for target in (*state["http_target"], *state["app_engine_http_target"]):
            target["headers"] = _written(target["headers"])
        return state


def _targets(planned: Values) -> list[Values]:
    targets = planned.get("http_target")
    return targets if isinstance(targets, list) else []


def _written(headers: dict[str, str] | None) -> dict[str, str] | None:
    """Return the headers without those that Cloud Scheduler adds."""
    if headers is None:
        return None
    kept = {
        name: text
        for name, text in headers.items()
        if (name, text) not in _ADDED and not name.startswith(("X-Google-", "X-AppEngine-"))
    }
    return kept or None
