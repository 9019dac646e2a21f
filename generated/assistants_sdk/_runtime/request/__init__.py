"""From a call to the HTTP request that is sent. Nothing here does I/O."""
