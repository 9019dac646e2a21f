"""Words of a description → identifiers of the SDK, and those that it gives up."""
