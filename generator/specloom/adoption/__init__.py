"""Takes over the surface of an SDK that people already call.

``sources`` finds the old SDK's text, ``stainless`` and its siblings read it without running it,
``matching`` pairs its methods with the operations of the description, ``overlay`` and ``seed``
write what makes the new SDK's names those of the old one, and ``comparison`` says what still
differs. What is read is data of ``surface``. ``docs/adopt.md`` tells users of it.
"""
