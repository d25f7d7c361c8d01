"""Are the guards where they can do their work?"""

from collections.abc import Iterator

from flask import Flask

from ...guard.access import ABOVE, bare_views, is_displaced
from .finding import Finding, Inspected, Level


def findings(inspected: Inspected) -> Iterator[Finding]:
    """Look for guards that guard nothing, and for answers that are not ours any more."""
    if is_displaced(inspected.app):
        yield Finding(
            code="jwt_manager_late",
            level=Level.ERROR,
            subject="JWTManager",
            what="One was made after Renewal and has taken its manager's place: every request is refused.",
            mend="Make the JWTManager first, or take the one that Renewal makes: app.extensions['flask-jwt-extended'].",
        )
    for endpoint in bare_views(inspected.app):
        yield Finding(
            code="guard_above_route",
            level=Level.ERROR,
            subject=endpoint,
            what=f"It is not served: {ABOVE}.",
            mend="Write the route's decorator first and the guard's in the line below.",
        )
    yield from _sign_in_page(inspected)
    if _answers_elsewhere(inspected.app) and not inspected.config["PROPAGATE_EXCEPTIONS"]:
        yield Finding(
            code="errors_answered_elsewhere",
            level=Level.NOTE,
            subject="PROPAGATE_EXCEPTIONS",
            what="An extension answers errors in Flask's place (Flask-RESTX, Flask-RESTful); in its resources"
            " @jwt_required() answers 500 where no or an expired token was sent.",
            mend="Guard them with access_required, or set PROPAGATE_EXCEPTIONS to True.",
        )


def _answers_elsewhere(app: Flask) -> bool:
    """Say whether an extension answers errors in Flask's place; Flask-CORS only adds its headers to what Flask does."""
    answers = vars(app).get("handle_user_exception")
    return answers is not None and not answers.__module__.startswith("flask_cors")


def _sign_in_page(inspected: Inspected) -> Iterator[Finding]:
    """Look whether the guard of pages has somewhere to lead to."""
    address = inspected.settings.login_url
    if address is not None and "/" not in address and address not in inspected.app.view_functions:
        yield Finding(
            code="login_url_unknown",
            level=Level.ERROR,
            subject="RENEWAL_LOGIN_URL",
            what=f"There is no endpoint {address!r} here: whoever is signed out gets a 500.",
            mend="Name the endpoint of your sign-in page, with its blueprint's name and a dot in front if it has one.",
        )
    if address is None and inspected.services.ours is None and "flask_renewal_pages" in inspected.app.blueprints:
        yield Finding(
            code="login_url_missing",
            level=Level.WARNING,
            subject="RENEWAL_LOGIN_URL",
            what="Whoever asks for a page signed out is told so, and led nowhere: the sign-in page is yours.",
            mend="Set it to the endpoint, the path or the URL of your sign-in page.",
        )
