"""From a response to its value or its error."""
