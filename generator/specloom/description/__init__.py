"""Files → a `Document`: plain values, references, and the place of each value in the text."""
