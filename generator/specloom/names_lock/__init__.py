"""The lock of names: what users of an SDK call already stays, whatever becomes of the description.

``held`` is what it says, ``text`` how that is written down, ``renewal`` what a run adds to it, and
``checks`` what cannot be kept. ``docs/upgrading.md`` tells users of it.
"""
