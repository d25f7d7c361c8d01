"""Who is signed in: tokens, users, sessions, and their use cases. Knows no route and makes no answer."""
