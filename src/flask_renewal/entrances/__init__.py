"""The ways in from outside: API, pages, command line, and the review of a configuration. None leans on another."""
