"""`specloom init`: creates a project with the SDK of a description, and names to review."""
