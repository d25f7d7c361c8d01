"""Passkeys beside passwords."""
