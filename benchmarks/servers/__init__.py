"""The applications that are measured; each answers `GET /hello`, `GET /guarded`, `POST /login`, `POST /refresh`."""
