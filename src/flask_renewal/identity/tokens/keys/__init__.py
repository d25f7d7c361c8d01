"""The signing keys: one key, the ring of them, and where rings come from. Knows no token."""
