"""Figures for Prometheus; a package, for it has fixtures of its own."""
