"""What only `python wsgi.py` needs. No part of the extension imports it."""
