"""The sentinel ``omit``."""

from __future__ import annotations

import copy
import pickle

from specloom.runtime.options import Omit, omit


def test_omit_is_one_and_false() -> None:
    assert Omit() is omit
    assert copy.deepcopy(omit) is pickle.loads(pickle.dumps(omit)) is omit
    assert not omit
    assert repr(omit) == "omit"
