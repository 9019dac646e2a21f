"""The base of generated models, open unions, and the way from JSON to models and back."""
