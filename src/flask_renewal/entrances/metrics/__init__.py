"""Figures for Prometheus, where `RENEWAL_METRICS` says: what they are, where they are counted, how they are read."""
