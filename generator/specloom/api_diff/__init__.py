"""The public surface of an SDK, and the differences between two versions."""
