"""Hand-written code in the SDK: the included folder and its mixin classes."""
