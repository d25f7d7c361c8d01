"""What the host's own Python calls: decorators for its functions, verbs to sign people in, and their sessions."""
