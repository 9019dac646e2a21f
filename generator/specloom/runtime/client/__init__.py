"""The clients, and the sessions that generated methods call."""
