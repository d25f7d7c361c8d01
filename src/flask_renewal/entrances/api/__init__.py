"""The JSON API, and what a browser app on another origin needs of it. Knows no page."""
