"""The headers of an answer that is data: no browser takes it for a page, shows it in a frame or embeds it elsewhere."""

from flask import Response

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Frame-Options": "DENY",
    # Scripts of trusted origins read all the same: what is asked for by CORS is not held to it (Fetch, "CORP check").
    "Cross-Origin-Resource-Policy": "same-origin",
}


def keep_data(response: Response) -> Response:
    """Add them to an answer of ours, once; it has none of them otherwise (adding is half the cost of setting)."""
    if "Cross-Origin-Resource-Policy" not in response.headers:
        for name, value in HEADERS.items():
            response.headers.add(name, value)
    return response
