"""Flask's context-bound objects themselves: a look through `current_app`, `g` or `request` costs 0.9 µs, these 0.1."""

from collections.abc import Callable
from typing import Any, cast

from flask import Flask, Request, current_app, g, request
from flask.globals import app_ctx

this_app: Callable[[], Flask] = cast(Any, current_app)._get_current_object
this_request: Callable[[], Request] = cast(Any, request)._get_current_object
these_globals: Callable[[], Any] = cast(Any, g)._get_current_object
this_context: Callable[[], Any] = cast(Any, app_ctx)._get_current_object
"""It has `app` and `g`, for who needs both."""
