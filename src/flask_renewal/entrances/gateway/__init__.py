"""What a reverse proxy asks before it lets a request pass to whatever is behind it. Serves no page of its own."""
