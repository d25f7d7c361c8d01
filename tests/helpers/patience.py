"""How long a test waits for what must come: only one that fails waits so long, so a full machine fails none."""

PATIENCE = 60
"""Seconds."""
PATIENCE_MS = 1000 * PATIENCE
"""Milliseconds."""
