"""Takes over SDKs that vendors publish, and proves it: ``make adoption``."""
