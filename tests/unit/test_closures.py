"""Hashes over all that something leads to."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from specloom.plan.closures import closure_digests

_KEYS = st.sampled_from("abcdefgh")


def reached(start: str, mentions: dict[str, list[str]], own: dict[str, str]) -> set[str]:
    """What one leads to, itself among it, found by looking."""
    found: set[str] = set()
    pending = [start]
    while pending:
        key = pending.pop()
        if key in own and key not in found:
            found.add(key)
            pending.extend(mentions.get(key, ()))
    return found


@given(
    st.dictionaries(_KEYS, st.sampled_from(["one", "two"])),
    st.dictionaries(_KEYS, st.lists(_KEYS, max_size=3)),
    _KEYS,
    st.sampled_from(["one", "two"]),
)
def test_a_hash_changes_with_what_is_led_to_and_with_nothing_else(
    own: dict[str, str], mentions: dict[str, list[str]], changed: str, text: str
) -> None:
    before = closure_digests(own, mentions)
    after = closure_digests(own | {changed: text}, mentions)
    assert before.keys() == own.keys()
    for key in own:
        is_concerned = changed in reached(key, mentions, own | {changed: text})
        is_other = own.get(changed) != text
        assert (before[key] != after[key]) == (is_concerned and is_other)


@given(
    st.dictionaries(_KEYS, st.text(max_size=1), min_size=1),
    st.dictionaries(_KEYS, st.lists(_KEYS, max_size=3)),
    st.randoms(use_true_random=False),
)
def test_the_order_does_not_matter(
    own: dict[str, str], mentions: dict[str, list[str]], random: object
) -> None:
    keys = list(own)
    random.shuffle(keys)  # type: ignore[attr-defined]
    shuffled = {key: own[key] for key in keys}
    turned = {key: others[::-1] for key, others in mentions.items()}
    assert closure_digests(shuffled, turned) == closure_digests(own, mentions)


def test_a_chain_is_as_long_as_it_likes() -> None:
    own = {str(number): "text" for number in range(50_000)}
    mentions = {str(number): [str(number + 1)] for number in range(50_000)}
    before = closure_digests(own, mentions)
    assert before["0"] != closure_digests(own | {"49999": "other"}, mentions)["0"]
