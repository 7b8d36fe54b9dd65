"""Pages of operation."""

from flask import Blueprint

blueprint = Blueprint("operation", __name__)
