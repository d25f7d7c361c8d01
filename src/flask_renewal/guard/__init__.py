"""What lets a request in, and what its answer is given on the way out. Has no route of its own."""
