"""What is chosen about a file: its kind, and how it is to be read."""

from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from portal.i18n import N_
from portal.imports.reading import DAY_ORDERS, DECIMALS
from portal.spreadsheets import DELIMITERS, ENCODINGS
from portal.web import Form, choices

DELIMITER_NAMES = {";": N_("Semicolon"), "\t": N_("Tab"), "|": N_("Vertical bar"), ",": N_("Comma")}


class UploadForm(Form):
    kind = RadioField(N_("What is in the file?"), [InputRequired(N_("Choose what the file holds."))])
    file = FileField(N_("File"), [FileRequired(N_("Choose a CSV or XLSX file."))])

    def __init__(self, importables, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind.choices = choices({kind: importable.label for kind, importable in importables.items()})


class ReadingForm(Form):
    """How the file is written, where the portal found something else than somebody knows."""

    delimiter = SelectField(N_("Between the columns"))
    encoding = SelectField(N_("Letters are written in"))
    decimal = SelectField(N_("Figures look like"))
    days = SelectField(N_("Days look like"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.delimiter.choices = choices({mark: DELIMITER_NAMES[mark] for mark in DELIMITERS})
        self.encoding.choices = {name: name for name in ENCODINGS}
        self.decimal.choices = choices(DECIMALS, none=N_("Choose"))
        self.days.choices = choices(DAY_ORDERS, none=N_("Choose"))
