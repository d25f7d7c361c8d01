"""Plain facts on which everything stands: words, errors, time, what browsers and HTTP say. Knows no application."""
