"""Where session rows are kept. `base` says what a store does; the other modules do it."""
