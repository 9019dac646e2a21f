"""The names lock: keeps the public names of an SDK when the description changes.

``file`` reads and writes it, ``moves`` follows operations to a new path, ``checks`` refuses what
would change a name, and ``renewal`` says what the lock is after a run. What it says is data of the
IR (``ir/names_lock.py``). ``docs/upgrading.md`` tells users of it.
"""
