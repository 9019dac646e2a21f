"""Every document of a corpus goes the whole way: generate, import, type-check, call.

``python -m e2e.corpus FOLDER`` (``make corpus``) runs it. The folder holds ``index.tsv`` and the
documents that it lists; nothing of it is copied into the project. What a description demands is
read from its plain values here, not from specloom's reading of them, so that the two can differ.
"""
