"""What users of an SDK see of it, and how two versions of that differ."""
