"""Takes over the surface of an SDK that people already call.

``sources`` finds the old SDK's text, ``stainless`` and its siblings read it without running it, and
``matching`` pairs its methods with the operations of the description. ``overlay`` and ``seed``
write the files that give the new SDK the old names, and ``comparison`` lists the remaining
differences. ``surface`` defines the data. ``docs/adopt.md`` documents it for users.
"""
