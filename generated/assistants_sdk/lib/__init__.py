"""Hand-written code for the Assistants API. specloom copies this folder into the package."""
