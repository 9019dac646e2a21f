"""Cost against size: what a large description takes to generate, and its SDK to import.

``python -m e2e.scale CORPUS`` (``make scale``) merges documents of a corpus into large ones,
measures, and writes ``docs/scale.md``. Nothing of the corpus is copied into the project.
"""
