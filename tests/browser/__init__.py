"""Tests in real browsers, which reach nothing but this machine."""
