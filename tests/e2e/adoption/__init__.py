"""Takes over published SDKs, and proves it: ``make adoption``."""
