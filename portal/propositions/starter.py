"""What a new proposition begins with: the parts that a joint value proposition needs, in the partner's language."""

from portal.i18n import N_, translations

# Heading and the question that the part answers; the question is replaced by the text.
PARTS = (
    (N_("Who it is for"), N_("Which customers, in which business, of which size?")),
    (N_("Their problem"), N_("What keeps them from their goal today, and what does it cost them?")),
    (N_("Our joint solution"), N_("What do we offer together, in one or two sentences?")),
    (N_("What %(partner)s does"), N_("Which part does the partner take on?")),
    (N_("What %(vendor)s does"), N_("Which part do we take on?")),
    (N_("Why the two of us"), N_("What can customers get from nobody else?")),
    (N_("Proof"), N_("Which customer, figure or certificate shows it? Say the year.")),
    (N_("The next step"), N_("What should a customer do now, and whom to call?")),
)


def starter_text(language, partner, vendor):
    """Markdown with a heading and a question for each part."""
    say, names = translations(language).gettext, {"partner": partner, "vendor": vendor}
    parts = (f"# {say(heading) % names}\n\n_{say(question)}_" for heading, question in PARTS)
    return "\n\n".join(parts) + "\n"


def unanswered(language, body):
    """The questions of the starter that still stand in a text: it is not ready to be approved."""
    say = translations(language).gettext
    return [say(question) for _, question in PARTS if say(question) in body]
