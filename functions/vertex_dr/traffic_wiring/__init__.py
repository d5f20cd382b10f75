"""Where traffic's use cases meet their adapters; `wiring` offers these under the same names.

Each adapter is imported inside its function, so that what flips loads Firestore and nothing heavier.
"""

from __future__ import annotations

from vertex_dr.traffic_wiring.controllers import applying, assessing, plan_fail_back, plan_fail_over, probing
from vertex_dr.traffic_wiring.entry_points import assess_regions, fail_over, probe_region
from vertex_dr.traffic_wiring.followers import following
from vertex_dr.traffic_wiring.stores import changes, copies, ensure_selector, holding, readiness, selector, status

__all__ = [
    "applying",
    "assess_regions",
    "assessing",
    "changes",
    "copies",
    "ensure_selector",
    "fail_over",
    "following",
    "holding",
    "plan_fail_back",
    "plan_fail_over",
    "probe_region",
    "probing",
    "readiness",
    "selector",
    "status",
]
