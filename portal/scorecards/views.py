"""Pages of scorecards."""

from flask import Blueprint

blueprint = Blueprint("scorecards", __name__)
