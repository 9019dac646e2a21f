"""What the fake server of ``testing`` answers. Nothing of it is loaded with a client."""
