"""``make bench``: what the SDK and the generator cost, side by side with others' in one run."""
