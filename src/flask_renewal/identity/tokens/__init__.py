"""The keys, and the tokens that they sign. Nothing here asks a store."""
