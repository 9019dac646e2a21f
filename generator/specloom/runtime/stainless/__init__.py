"""Names that code for an SDK of Stainless uses, besides resources and methods.

Only an SDK with the setting ``compatible_with = "stainless"`` has this package. Modules at the old
import paths export its names.
"""
