"""The lock of names: what users of an SDK call already stays, whatever becomes of the description.

``file`` reads and writes it, ``moves`` follows operations to a new path, ``checks`` refuses what
would change a name, and ``renewal`` says what the lock is after a run. What it says is data of the
IR (``ir/names_lock.py``). ``docs/upgrading.md`` tells users of it.
"""
