"""Who may do what: apps, users, consent, tokens, connections (platform: OAuth 2.0 and scopes)."""
