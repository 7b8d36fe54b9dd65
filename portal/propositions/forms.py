"""The forms of propositions."""

from wtforms import HiddenField, IntegerField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import HiddenInput

from portal.i18n import N_
from portal.propositions.starter import unanswered
from portal.web import Form, _

LONGEST = 20_000


class TextForm(Form):
    body = TextAreaField(N_("Text (Markdown)"), [DataRequired(), Length(max=LONGEST)])
    version = IntegerField(widget=HiddenInput(), default=0)


class AnswerForm(Form):
    """Approves or returns the version that was read, not one that came after it."""

    number = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    decision = HiddenField()
    comment = TextAreaField(N_("Comment (internal)"), [Length(max=2_000)])

    def validate_comment(self, field):
        if self.decision.data == "returned" and not (field.data or "").strip():
            raise ValidationError(_("Say what should be changed, so that the author can do it."))


def why_not_submit(version):
    """The reason why a version cannot be sent for approval yet, or None."""
    questions = unanswered(version.proposition.locale, version.body)
    if questions:
        return _("Answer or delete this question first: “%(question)s”", question=questions[0])
    return None
