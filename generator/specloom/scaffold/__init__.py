"""`specloom init`: a description → a project that keeps an SDK of it, with names to review."""
