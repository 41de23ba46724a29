"""Who may see what: roles and their rights, users, sessions, tokens."""
