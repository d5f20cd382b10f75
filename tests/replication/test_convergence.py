"""Whatever happened on both sides, replicating in both directions ends with the same versions and aliases on both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.replication.world import MemorySide, World
from vertex_dr.kernel.errors import NotFound
from vertex_dr.kernel.sides import Side
from vertex_dr.kernel.verdict import Verdict

if TYPE_CHECKING:
    from vertex_dr.replication.records import ModelVersion

ALIASES = st.sets(st.sampled_from(["default", "champion", "blue"])).map(lambda names: tuple(sorted(names)))
ACTIONS = st.one_of(
    st.tuples(st.just("register"), st.sampled_from(list(Side)), ALIASES),
    st.tuples(st.just("move"), st.integers(min_value=0, max_value=5), ALIASES),
    st.tuples(st.just("take"), st.integers(min_value=0, max_value=5), st.sampled_from(["champion", "blue"])),
    st.tuples(st.just("flip")),
    st.tuples(st.just("replicate"), st.sampled_from(list(Side))),
)


def act(world: World, action: tuple[object, ...]) -> None:
    active = world.sides[world.active].models
    match action:
        case ("register", Side() as side, tuple() as aliases):
            world.sides[side].register(len(world.store.objects), aliases=aliases if side is world.active else ())
        case ("move", int() as which, tuple() as aliases) if active.registered and aliases:
            version = active.registered[which % len(active.registered)]
            active.set_aliases(version.model, version.version, add=aliases, remove=())
        case ("take", int() as which, str() as alias) if active.registered:
            version = active.registered[which % len(active.registered)]
            if alias in version.aliases:
                active.set_aliases(version.model, version.version, add=(), remove=(alias,))
        case ("flip",):
            world.flip()
        case ("replicate", Side() as side):
            replicate(world, to=world.sides[side])


def replicate(world: World, *, to: MemorySide) -> Verdict:
    to.other.replication.export_models.run()
    to.replication.mirror_images.run()
    try:
        return to.replication.import_models.run().verdict
    except NotFound:
        return world.dr.replication.export_models.run().verdict


def held(side: MemorySide) -> dict[str, ModelVersion]:
    return {v.identity: v for v in side.replication.observer(side.settings.side).observe().model_versions}


@settings(max_examples=60, deadline=None)
@given(st.lists(ACTIONS, max_size=10))
def test_both_sides_end_with_the_same_versions_and_the_active_sides_aliases(actions: list[tuple[object, ...]]) -> None:
    world = World()
    for action in actions:
        act(world, action)

    # The active side learns first, so that its aliases are the last word.
    verdicts = [replicate(world, to=world.sides[side]) for side in (world.active, world.active.other)]

    primary, dr = held(world.primary), held(world.dr)
    assert verdicts == [Verdict.PASS, Verdict.PASS]
    assert primary.keys() == dr.keys()
    assert {k: v.aliases for k, v in primary.items()} == {k: v.aliases for k, v in dr.items()}
    assert world.primary.replication.import_models.plan().steps == world.dr.replication.import_models.plan().steps == ()
