"""What is measured, against what, in one run: `python -m benchmarks` writes `docs/performance.md` and its plot."""
