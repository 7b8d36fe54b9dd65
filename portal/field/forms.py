"""What the list of partners and the search are asked for."""

from wtforms import BooleanField, DateField, SearchField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from portal.cadence.standing import STATUSES as STANDINGS
from portal.i18n import N_
from portal.partners.directory import NOBODY, options
from portal.partners.models import STATUSES
from portal.web import Form, _, choices, must_be_future_proof


class PartnerFilter(Form):
    """The filter over the list; what it does not know, it does not ask for."""

    class Meta(Form.Meta):
        csrf = False

    words = SearchField(N_("Name, town or number"))
    standing = SelectField(N_("Visits"))
    partner_class = SelectField(N_("Class"))
    tier = SelectField(N_("Tier"))
    status = SelectField(N_("Status"))
    owner = SelectField(N_("Looked after by"))
    region = SelectField(N_("Region"))
    country = SelectField(N_("Country"))

    @classmethod
    def asked(cls, partners, query):
        """The filter as the query asks for it, with the choices that these partners offer."""
        form = cls(query)
        found = options(partners)
        form.standing.choices = choices(STANDINGS, N_("All"))
        form.status.choices = choices(STATUSES, N_("All"))
        for name, values in found.items():
            without = {NOBODY: _(WITHOUT[name])} if name in WITHOUT else {}
            form[name].choices = {"": _("All")} | without | dict(values)
        for field in form:
            if isinstance(field, SelectField) and field.data not in field.choices:
                field.data = ""
        return form

    def wishes(self):
        """What to narrow the list by: everything but the standing, which is computed."""
        return {field.name: field.data or "" for field in self if field.name != "standing"}

    @property
    def narrowed_by(self):
        """How many of the filters are set, beside the words."""
        return sum(1 for field in self if isinstance(field, SelectField) and field.data)


WITHOUT = {
    "partner_class": N_("Without a class"),
    "tier": N_("Without a tier"),
    "owner": N_("Nobody"),
    "region": N_("Without a region"),
}


class HandoverForm(Form):
    """One owner for the partners that were chosen."""

    to = SelectField(N_("Who looks after them"), [DataRequired()])
    from_on = DateField(N_("From"), [InputRequired(), must_be_future_proof])
    reason = StringField(N_("Why"), [DataRequired(), Length(max=500)])
    follows = BooleanField(N_("Planned visits and our open promises go along"), default=True)
