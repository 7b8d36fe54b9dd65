"""Pages of propositions."""

from flask import Blueprint

blueprint = Blueprint("propositions", __name__)
