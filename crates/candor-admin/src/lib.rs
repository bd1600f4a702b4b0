//! People and settings: sites, users, tokens, goals, and their database.
