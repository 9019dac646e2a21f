"""OpenAPI Overlays (OAI Overlay Specification 1.0), laid over a document."""
