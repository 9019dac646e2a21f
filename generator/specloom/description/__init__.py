"""Files → a `Document`: plain values, its references, and the place in the text of each value."""
