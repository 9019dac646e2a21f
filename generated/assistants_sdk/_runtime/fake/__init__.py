"""The answers of the fake server in ``testing``. Nothing of it is loaded with a client."""
