"""One life of a session, from sign-in to purge. Nothing here reads a request."""
