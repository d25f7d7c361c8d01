"""A service that only verifies: who may call it has signed in at the application that RENEWAL_ISSUER_URL names."""

from flask import Flask, jsonify
from flask_jwt_extended import get_jwt_identity

from flask_renewal import Renewal, access_required, check

app = Flask(__name__)
app.config.from_prefixed_env()
renewal = Renewal(app)
check.install_health(app)


@app.get("/reports")
@access_required()
def reports():
    """List the reports of whoever asks."""
    return jsonify(reader=get_jwt_identity(), session=renewal.current_session.id, reports=[])
