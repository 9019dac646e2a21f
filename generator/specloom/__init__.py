"""specloom generates a typed Python SDK from an OpenAPI description."""

__version__ = "0.1.0"
