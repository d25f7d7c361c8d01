"""Who may sign in: users, passwords, and how often one may try. Nothing here knows of sessions."""
