"""Files → a `Document`: plain values, and the place in the text of each of them."""
