"""Pages of coverage."""

from flask import Blueprint

blueprint = Blueprint("coverage", __name__)
