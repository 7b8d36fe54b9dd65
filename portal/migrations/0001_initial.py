"""The first tables."""

from peewee import (
    BigIntegerField,
    BooleanField,
    CharField,
    Check,
    DateField,
    DateTimeField,
    DoubleField,
    ForeignKeyField,
    IntegerField,
    JSONField,
    Model,
    SmallIntegerField,
    TextField,
)

from portal.accounts.audit import refuse_changes


class Table(Model):
    class Meta:
        legacy_table_names = False


class AuditEvent(Table):
    at = DateTimeField(index=True)
    actor_kind = CharField(
        max_length=40, constraints=[Check("\"actor_kind\" IN ('user', 'reader', 'command', 'job', 'stranger')")]
    )
    actor_id = IntegerField(null=True)
    ip = CharField()
    action = CharField()
    object_type = CharField()
    object_id = IntegerField(null=True)
    details = JSONField()
    result = CharField(max_length=40, constraints=[Check("\"result\" IN ('done', 'denied', 'failed')")])

    class Meta:
        table_name = "audit_event"
        indexes = ((("object_type", "object_id"), False), (("actor_kind", "actor_id", "at"), False))


class Workspace(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    name = CharField()
    fiscal_year_first_month = SmallIntegerField()
    currency = CharField(max_length=3)
    timezone = CharField()
    language = CharField(max_length=40, constraints=[Check("\"language\" IN ('en', 'sv', 'fi')")])

    class Meta:
        table_name = "workspace"


class Region(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    name = CharField(unique=True)
    external_id = CharField(unique=True, null=True)
    parent = ForeignKeyField("self", backref="+", null=True)
    country = CharField()

    class Meta:
        table_name = "region"


class Team(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    name = CharField(unique=True)
    manager_id = IntegerField(index=True, null=True)

    class Meta:
        table_name = "team"


class User(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    email = CharField(unique=True)
    name = CharField()
    role = CharField(max_length=40, constraints=[Check("\"role\" IN ('pam', 'manager', 'leadership', 'admin')")])
    team = ForeignKeyField(Team, backref="+", null=True)
    title = CharField()
    phone = CharField()
    external_id = CharField(unique=True, null=True)
    locale = CharField(max_length=40, constraints=[Check("\"locale\" IN ('en', 'sv', 'fi')")])
    timezone = CharField()
    password_hash = CharField(null=True)
    password_changed_at = DateTimeField(null=True)
    invited_at = DateTimeField(null=True)
    deactivated_at = DateTimeField(null=True)

    class Meta:
        table_name = "user"


class UserRegion(Table):
    user = ForeignKeyField(User, backref="+", on_delete="CASCADE")
    region = ForeignKeyField(Region, backref="+")

    class Meta:
        table_name = "user_region"
        indexes = ((("user", "region"), True),)


class SignInSession(Table):
    user = ForeignKeyField(User, backref="+", on_delete="CASCADE")
    token_hash = CharField(unique=True, max_length=64)
    created_at = DateTimeField()
    seen_at = DateTimeField()
    confirmed_at = DateTimeField()
    stays = BooleanField()
    ip = CharField()
    agent = CharField()

    class Meta:
        table_name = "sign_in_session"


class ShareLink(Table):
    purpose = CharField()
    holder_kind = CharField(max_length=40, constraints=[Check("\"holder_kind\" IN ('user', 'contact')")])
    holder_id = IntegerField()
    object_id = IntegerField(null=True)
    address = CharField()
    token_hash = CharField(unique=True, max_length=64)
    created_at = DateTimeField(index=True)
    expires_at = DateTimeField()

    class Meta:
        table_name = "share_link"
        indexes = ((("purpose", "holder_kind", "holder_id"), False),)


class Attempt(Table):
    door = CharField()
    account = CharField(index=True)
    ip = CharField(index=True)
    at = DateTimeField(index=True)

    class Meta:
        table_name = "attempt"


class KnownAddress(Table):
    account = CharField()
    ip = CharField()
    at = DateTimeField()

    class Meta:
        table_name = "known_address"
        indexes = ((("account", "ip"), True),)


class Leave(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    user = ForeignKeyField(User, backref="+")
    substitute = ForeignKeyField(User, backref="+", null=True)
    from_on = DateField()
    until_on = DateField()

    class Meta:
        table_name = "leave"


class Submission(Table):
    user = ForeignKeyField(User, backref="+", on_delete="CASCADE")
    client_uid = CharField(max_length=36)
    content_hash = CharField(max_length=64)
    result_type = CharField()
    result_id = IntegerField()
    received_at = DateTimeField()

    class Meta:
        table_name = "submission"
        indexes = ((("user", "client_uid"), True),)


class OutboxMessage(Table):
    to_name = CharField()
    to_address = CharField()
    subject = TextField()
    body = TextField()
    link = JSONField(null=True)
    created_at = DateTimeField(index=True)
    sent_at = DateTimeField(index=True, null=True)
    next_try_at = DateTimeField()
    attempts = IntegerField()
    error = TextField()

    class Meta:
        table_name = "outbox_message"


class AuditSeal(Table):
    first_event_id = IntegerField()
    last_event_id = IntegerField(unique=True)
    events = IntegerField()
    hash = CharField(max_length=64)
    sealed_at = DateTimeField()

    class Meta:
        table_name = "audit_seal"


class JobRun(Table):
    name = CharField(unique=True)
    started_at = DateTimeField()
    ended_at = DateTimeField(null=True)
    error = TextField()

    class Meta:
        table_name = "job_run"


class ImportBatch(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    kind = CharField()
    file_name = CharField()
    sha256 = CharField(max_length=64)
    mapping = JSONField()
    reading = JSONField()
    state = CharField(max_length=40, constraints=[Check("\"state\" IN ('checked', 'applied', 'undone')")])
    rows = IntegerField()
    created_rows = IntegerField()
    updated_rows = IntegerField()
    unchanged_rows = IntegerField()
    refused_rows = IntegerField()
    problems = JSONField()
    left = JSONField()
    applied_at = DateTimeField(null=True)
    undone_at = DateTimeField(null=True)

    class Meta:
        table_name = "import_batch"


class ImportChange(Table):
    batch = ForeignKeyField(ImportBatch, backref="+", on_delete="CASCADE")
    table = CharField()
    row_id = IntegerField()
    before = JSONField(null=True)
    after = JSONField(null=True)

    class Meta:
        table_name = "import_change"
        indexes = ((("table", "row_id"), False),)


class PartnerClass(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    code = CharField(unique=True, max_length=10)
    name = CharField()
    rank = SmallIntegerField()

    class Meta:
        table_name = "partner_class"


class Tier(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    name = CharField(unique=True)
    rank = SmallIntegerField()
    external_id = CharField(unique=True, null=True)

    class Meta:
        table_name = "tier"


class Partner(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    name = CharField(max_length=200)
    search = CharField(max_length=1000)
    sort_name = CharField(index=True, max_length=200)
    external_id = CharField(unique=True, null=True)
    org_no = CharField()
    type = CharField(
        max_length=40, constraints=[Check("\"type\" IN ('reseller', 'distributor', 'si', 'msp', 'other')")]
    )
    business_type = CharField()
    address = CharField()
    postcode = CharField()
    city = CharField()
    state = CharField()
    country = CharField()
    latitude = DoubleField(null=True)
    longitude = DoubleField(null=True)
    phone = CharField()
    website = CharField()
    locale = CharField(max_length=40, constraints=[Check("\"locale\" IN ('en', 'sv', 'fi')")])
    partner_since_on = DateField(null=True)
    profile = TextField()
    archived_at = DateTimeField(null=True)
    archived_by = IntegerField(null=True)
    merged_into = ForeignKeyField("self", backref="+", null=True)

    class Meta:
        table_name = "partner"


class ClassAssignment(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    partner = ForeignKeyField(Partner, backref="+", on_delete="CASCADE")
    from_on = DateField()
    until_on = DateField(null=True)
    reason = TextField()
    partner_class = ForeignKeyField(PartnerClass, backref="+")

    class Meta:
        table_name = "class_assignment"
        indexes = ((("partner", "from_on"), True),)
        constraints = [Check("until_on IS NULL OR until_on > from_on")]


class TierAssignment(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    partner = ForeignKeyField(Partner, backref="+", on_delete="CASCADE")
    from_on = DateField()
    until_on = DateField(null=True)
    reason = TextField()
    tier = ForeignKeyField(Tier, backref="+")

    class Meta:
        table_name = "tier_assignment"
        indexes = ((("partner", "from_on"), True),)
        constraints = [Check("until_on IS NULL OR until_on > from_on")]


class StatusAssignment(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    partner = ForeignKeyField(Partner, backref="+", on_delete="CASCADE")
    from_on = DateField()
    until_on = DateField(null=True)
    reason = TextField()
    status = CharField(
        max_length=40, constraints=[Check("\"status\" IN ('prospect', 'onboarding', 'active', 'dormant', 'ended')")]
    )

    class Meta:
        table_name = "status_assignment"
        indexes = ((("partner", "from_on"), True),)
        constraints = [Check("until_on IS NULL OR until_on > from_on")]


class OwnerAssignment(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    partner = ForeignKeyField(Partner, backref="+", on_delete="CASCADE")
    from_on = DateField()
    until_on = DateField(null=True)
    reason = TextField()
    user = ForeignKeyField(User, backref="+")

    class Meta:
        table_name = "owner_assignment"
        indexes = ((("partner", "from_on"), True), (("user", "until_on"), False))
        constraints = [Check("until_on IS NULL OR until_on > from_on")]


class RegionAssignment(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    partner = ForeignKeyField(Partner, backref="+", on_delete="CASCADE")
    from_on = DateField()
    until_on = DateField(null=True)
    reason = TextField()
    region = ForeignKeyField(Region, backref="+")

    class Meta:
        table_name = "region_assignment"
        indexes = ((("partner", "from_on"), True),)
        constraints = [Check("until_on IS NULL OR until_on > from_on")]


class PartnerAccess(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    user = ForeignKeyField(User, backref="+")
    partner = ForeignKeyField(Partner, backref="+", on_delete="CASCADE")
    kind = CharField(max_length=40, constraints=[Check("\"kind\" IN ('substitute', 'shared')")])
    from_on = DateField()
    until_on = DateField(null=True)

    class Meta:
        table_name = "partner_access"


class Handover(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    user = ForeignKeyField(User, backref="+", null=True)
    from_on = DateField()
    reason = TextField()
    followed = JSONField()
    undone_at = DateTimeField(null=True)

    class Meta:
        table_name = "handover"


class HandoverPartner(Table):
    handover = ForeignKeyField(Handover, backref="+", on_delete="CASCADE")
    partner = ForeignKeyField(Partner, backref="+", on_delete="CASCADE")
    before = JSONField()

    class Meta:
        table_name = "handover_partner"
        indexes = ((("handover", "partner"), True),)


class Contact(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    partner = ForeignKeyField(Partner, backref="+", on_delete="CASCADE")
    name = CharField(max_length=200)
    search = CharField(max_length=600)
    external_id = CharField(unique=True, null=True)
    title = CharField()
    function = CharField()
    seniority = CharField(
        null=True,
        max_length=40,
        constraints=[Check("\"seniority\" IN ('c_level', 'vp', 'director', 'manager', 'staff')")],
    )
    email = CharField(index=True)
    phone = CharField()
    locale = CharField(null=True, max_length=40, constraints=[Check("\"locale\" IN ('en', 'sv', 'fi')")])
    key_contact = BooleanField()
    left_on = DateField(null=True)

    class Meta:
        table_name = "contact"


class Kpi(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    code = CharField(unique=True, max_length=40)
    name = TextField()
    meaning = TextField()
    formula = TextField()
    unit = CharField(
        max_length=40, constraints=[Check("\"unit\" IN ('money', 'percent', 'count', 'days', 'rating', 'number')")]
    )
    direction = CharField(max_length=40, constraints=[Check("\"direction\" IN ('higher', 'lower', 'range')")])
    kind = CharField(max_length=40, constraints=[Check("\"kind\" IN ('flow', 'level', 'ratio', 'measured')")])
    side = CharField(max_length=40, constraints=[Check("\"side\" IN ('partner', 'vendor', 'joint')")])
    category = CharField()
    source = TextField()
    position = SmallIntegerField()
    weight = SmallIntegerField()
    floor = BigIntegerField()
    cap_percent = SmallIntegerField()
    gate = BooleanField()
    published = BooleanField()
    retired_at = DateField(null=True)

    class Meta:
        table_name = "kpi"


class KpiTarget(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    kpi = ForeignKeyField(Kpi, backref="+")
    partner = ForeignKeyField(Partner, backref="+", on_delete="CASCADE", null=True)
    partner_class = ForeignKeyField(PartnerClass, backref="+", null=True)
    user = ForeignKeyField(User, backref="+", null=True)
    from_on = DateField()
    until_on = DateField()
    target = BigIntegerField()
    target_high = BigIntegerField(null=True)
    floor = BigIntegerField(null=True)
    weight = SmallIntegerField(null=True)
    made_up = BooleanField()
    external_id = CharField(unique=True, null=True)

    class Meta:
        table_name = "kpi_target"
        indexes = (
            (("kpi", "partner", "from_on"), False),
            (("kpi", "partner_class", "from_on"), False),
            (("kpi", "user", "from_on"), False),
        )
        constraints = [
            Check("until_on > from_on"),
            Check(
                "(CASE WHEN partner_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN partner_class_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN user_id IS NULL THEN 0 ELSE 1 END) = 1"
            ),
        ]


class KpiActual(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    kpi = ForeignKeyField(Kpi, backref="+")
    partner = ForeignKeyField(Partner, backref="+", on_delete="CASCADE")
    month_on = DateField()
    value = BigIntegerField(null=True)
    numerator = BigIntegerField(null=True)
    denominator = BigIntegerField(null=True)
    as_of_on = DateField()
    source = CharField(max_length=40, constraints=[Check("\"source\" IN ('import', 'orders', 'typed')")])
    batch = ForeignKeyField(ImportBatch, backref="+", on_delete="SET NULL", null=True)
    comment = TextField()

    class Meta:
        table_name = "kpi_actual"
        indexes = ((("kpi", "partner", "month_on"), True), (("partner", "month_on"), False))


class OrderLine(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    order_no = CharField(max_length=60)
    product_key = CharField(max_length=60)
    partner = ForeignKeyField(Partner, backref="+")
    salesperson = ForeignKeyField(User, backref="+", null=True)
    ordered_on = DateField()
    quantity = IntegerField()
    sales = BigIntegerField()
    cost = BigIntegerField()
    batch = ForeignKeyField(ImportBatch, backref="+", on_delete="SET NULL", null=True)
    line = IntegerField(null=True)

    class Meta:
        table_name = "order_line"
        indexes = ((("order_no", "product_key"), True), (("partner", "ordered_on"), False))


class Action(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    partner = ForeignKeyField(Partner, backref="+", on_delete="CASCADE")
    side = CharField(max_length=40, constraints=[Check("\"side\" IN ('vendor', 'partner')")])
    user = ForeignKeyField(User, backref="+", null=True)
    contact = ForeignKeyField(Contact, backref="+", on_delete="SET NULL", null=True)
    text = TextField()
    shared_text = TextField()
    due_on = DateField(null=True)
    original_due_on = DateField(null=True)
    agreed_due_on = DateField(null=True)
    slip_count = SmallIntegerField()
    state = CharField(max_length=40, constraints=[Check("\"state\" IN ('open', 'done', 'cancelled')")])
    done_on = DateField(null=True)
    cancel_reason = TextField()

    class Meta:
        table_name = "action"
        indexes = ((("partner", "state", "due_on"), False), (("user", "state", "due_on"), False))


class Visit(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    partner = ForeignKeyField(Partner, backref="+")
    owner = ForeignKeyField(User, backref="+")
    state = CharField(max_length=40, constraints=[Check("\"state\" IN ('planned', 'confirmed', 'held', 'not_held')")])
    mode = CharField(max_length=40, constraints=[Check("\"mode\" IN ('on_site', 'video', 'phone')")])
    visit_type = CharField(
        null=True,
        max_length=40,
        constraints=[
            Check(
                "\"visit_type\" IN ('business_review', 'planning', 'enablement', 'joint_customer', 'relationship', 'issue')"
            )
        ],
    )
    planned_on = DateField(null=True)
    planned_start_at = DateTimeField(null=True)
    held_on = DateField(null=True)
    started_at = DateTimeField(null=True)
    minutes = SmallIntegerField(null=True)
    purpose = TextField()
    goal = TextField()
    goal_met = CharField(null=True, max_length=40, constraints=[Check("\"goal_met\" IN ('yes', 'partly', 'no')")])
    note = TextField()
    next_step = TextField()
    next_step_on = DateField(null=True)
    confirmed_at = DateTimeField(null=True)
    logged_at = DateTimeField(null=True)
    device_at = DateTimeField(null=True)
    not_held_reason = CharField(
        null=True,
        max_length=40,
        constraints=[
            Check("\"not_held_reason\" IN ('missed', 'cancelled_us', 'cancelled_partner', 'rescheduled', 'mistake')")
        ],
    )
    not_held_note = TextField()
    search = TextField()
    client_uid = CharField(null=True, max_length=36)
    moved_from = ForeignKeyField("self", backref="+", null=True)
    detail_changes = SmallIntegerField()

    class Meta:
        table_name = "visit"
        indexes = (
            (("partner", "held_on"), False),
            (("owner", "held_on"), False),
            (("partner", "planned_on"), False),
            (("owner", "planned_on"), False),
            (("owner", "client_uid"), True),
        )


class VisitParticipant(Table):
    visit = ForeignKeyField(Visit, backref="+", on_delete="CASCADE")
    contact = ForeignKeyField(Contact, backref="+", on_delete="CASCADE", null=True)
    user = ForeignKeyField(User, backref="+", null=True)
    present = BooleanField()

    class Meta:
        table_name = "visit_participant"


class AgendaItem(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    visit = ForeignKeyField(Visit, backref="+", on_delete="CASCADE")
    position = SmallIntegerField()
    block = CharField(
        max_length=40,
        constraints=[
            Check(
                "\"block\" IN ('profitability', 'aftermarket', 'pipeline', 'product', 'people', 'marketing', 'actions', 'other')"
            )
        ],
    )
    text = TextField()
    minutes = SmallIntegerField(null=True)
    done = BooleanField()

    class Meta:
        table_name = "agenda_item"


class Outcome(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    visit = ForeignKeyField(Visit, backref="+", on_delete="CASCADE")
    kind = CharField(
        max_length=40,
        constraints=[
            Check("\"kind\" IN ('decision', 'commitment', 'risk', 'opportunity', 'feedback', 'competitor', 'info')")
        ],
    )
    text = TextField()
    shared_text = TextField()

    class Meta:
        table_name = "outcome"


class VisitAction(Table):
    visit = ForeignKeyField(Visit, backref="+", on_delete="CASCADE")
    action = ForeignKeyField(Action, backref="+", on_delete="CASCADE")

    class Meta:
        table_name = "visit_action"
        indexes = ((("visit", "action"), True),)


class CadencePolicy(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    partner_class = ForeignKeyField(PartnerClass, backref="+")
    from_on = DateField()
    ideal_days = SmallIntegerField(null=True)
    max_days = SmallIntegerField(null=True)
    visits_per_year = SmallIntegerField()
    visit_minutes = SmallIntegerField()
    on_site = CharField(max_length=40, constraints=[Check("\"on_site\" IN ('always', 'after_two_on_site', 'never')")])
    video = CharField(max_length=40, constraints=[Check("\"video\" IN ('always', 'after_two_on_site', 'never')")])
    phone = CharField(max_length=40, constraints=[Check("\"phone\" IN ('always', 'after_two_on_site', 'never')")])

    class Meta:
        table_name = "cadence_policy"
        indexes = ((("partner_class", "from_on"), True),)


class CoverageException(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    partner = ForeignKeyField(Partner, backref="+", on_delete="CASCADE")
    from_on = DateField()
    until_on = DateField()
    reason = TextField()

    class Meta:
        table_name = "coverage_exception"
        indexes = ((("partner", "from_on"), False),)
        constraints = [Check("until_on > from_on")]


class Proposition(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    partner = ForeignKeyField(Partner, backref="+", on_delete="CASCADE")
    locale = CharField(max_length=40, constraints=[Check("\"locale\" IN ('en', 'sv', 'fi')")])
    latest = SmallIntegerField()

    class Meta:
        table_name = "proposition"
        indexes = ((("partner", "locale"), True),)


class PropositionVersion(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    proposition = ForeignKeyField(Proposition, backref="+", on_delete="CASCADE")
    number = SmallIntegerField()
    body = TextField()
    html = TextField()
    renderer = CharField(max_length=80)
    sha256 = CharField(max_length=64)
    submitted_at = DateTimeField(null=True)
    submitted_by = IntegerField(null=True)

    class Meta:
        table_name = "proposition_version"
        indexes = ((("proposition", "number"), True),)


class PropositionApproval(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    proposition_version = ForeignKeyField(PropositionVersion, backref="+", on_delete="CASCADE")
    sha256 = CharField(max_length=64)
    decision = CharField(max_length=40, constraints=[Check("\"decision\" IN ('approved', 'returned')")])
    comment = TextField()
    at = DateTimeField()

    class Meta:
        table_name = "proposition_approval"


class ScoreSnapshot(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    partner = ForeignKeyField(Partner, backref="+", on_delete="CASCADE")
    side = CharField(max_length=40, constraints=[Check("\"side\" IN ('partner', 'vendor')")])
    from_on = DateField()
    as_of_on = DateField()
    score = DoubleField(null=True)
    completeness = DoubleField()
    provisional = BooleanField()
    rag = CharField(max_length=40, constraints=[Check("\"rag\" IN ('good', 'warn', 'bad', 'none')")])
    inputs = JSONField()
    sha256 = CharField(max_length=64)

    class Meta:
        table_name = "score_snapshot"
        indexes = ((("partner", "side", "as_of_on"), False),)


class PageApproval(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    partner = ForeignKeyField(Partner, backref="+", on_delete="CASCADE")
    at = DateTimeField()
    ended_at = DateTimeField(null=True)
    ended_by = IntegerField(null=True)
    end_reason = TextField()

    class Meta:
        table_name = "page_approval"


class Publication(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    number = IntegerField(unique=True, null=True)
    as_of_on = DateField()
    state = CharField(
        max_length=40,
        constraints=[Check("\"state\" IN ('building', 'built', 'checked', 'published', 'unchanged', 'failed')")],
    )
    built_at = DateTimeField(null=True)
    published_at = DateTimeField(null=True)
    partners = IntegerField()
    pages = IntegerField()
    sha256 = CharField(max_length=64)
    report = JSONField()
    failure = TextField()

    class Meta:
        table_name = "publication"


class PublishedPage(Table):
    publication = ForeignKeyField(Publication, backref="+", on_delete="CASCADE")
    partner = ForeignKeyField(Partner, backref="+", on_delete="CASCADE")
    score = ForeignKeyField(ScoreSnapshot, backref="+", on_delete="SET NULL", null=True)
    proposition_version = ForeignKeyField(PropositionVersion, backref="+", on_delete="SET NULL", null=True)
    sha256 = CharField(max_length=64)

    class Meta:
        table_name = "published_page"
        indexes = ((("publication", "partner"), True), (("partner", "publication"), False))


class Withdrawal(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    partner = ForeignKeyField(Partner, backref="+", on_delete="CASCADE")
    at = DateTimeField()
    reason = TextField()
    files_removed_at = DateTimeField(null=True)
    ended_at = DateTimeField(null=True)

    class Meta:
        table_name = "withdrawal"
        indexes = ((("partner", "ended_at"), False),)


class Reader(Table):
    created_at = DateTimeField()
    created_by = IntegerField(null=True)
    updated_at = DateTimeField()
    updated_by = IntegerField(null=True)
    version = IntegerField()
    contact = ForeignKeyField(Contact, backref="+", on_delete="CASCADE", unique=True)
    email = CharField(index=True)
    invited_at = DateTimeField()
    accepted_at = DateTimeField(null=True)
    revoked_at = DateTimeField(null=True)
    epoch = IntegerField()
    known_publication = IntegerField(null=True)
    told_at = DateTimeField(null=True)

    class Meta:
        table_name = "reader"


class ReaderSession(Table):
    reader = ForeignKeyField(Reader, backref="+", on_delete="CASCADE")
    epoch = IntegerField()
    token_hash = CharField(unique=True, max_length=64)
    created_at = DateTimeField()
    seen_at = DateTimeField()
    ip = CharField()
    agent = CharField()

    class Meta:
        table_name = "reader_session"


NEW = (
    AuditEvent,
    Workspace,
    Region,
    Team,
    User,
    UserRegion,
    SignInSession,
    ShareLink,
    Attempt,
    KnownAddress,
    Leave,
    Submission,
    OutboxMessage,
    AuditSeal,
    JobRun,
    ImportBatch,
    ImportChange,
    PartnerClass,
    Tier,
    Partner,
    ClassAssignment,
    TierAssignment,
    StatusAssignment,
    OwnerAssignment,
    RegionAssignment,
    PartnerAccess,
    Handover,
    HandoverPartner,
    Contact,
    Kpi,
    KpiTarget,
    KpiActual,
    OrderLine,
    Action,
    Visit,
    VisitParticipant,
    AgendaItem,
    Outcome,
    VisitAction,
    CadencePolicy,
    CoverageException,
    Proposition,
    PropositionVersion,
    PropositionApproval,
    ScoreSnapshot,
    PageApproval,
    Publication,
    PublishedPage,
    Withdrawal,
    Reader,
    ReaderSession,
)


def up(migrator, db):
    with db.bind_ctx(NEW):
        db.create_tables(NEW, safe=False)
    refuse_changes(db)
