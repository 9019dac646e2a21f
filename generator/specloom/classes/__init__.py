"""Named types → the text of modules of models, by datamodel-code-generator."""
