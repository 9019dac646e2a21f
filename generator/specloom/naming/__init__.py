"""Words of a description → identifiers of the SDK, and former identifiers."""
