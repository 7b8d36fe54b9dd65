"""What the demo makes up: names of people, what visits are about, and what is promised."""

# Four words: what stands in internal and in shared texts alike must not look like a leak.
MADE_UP = "Made up for demo."

FIRST_NAMES = (
    "Alice", "Ben", "Carla", "Daniel", "Elena", "Frank", "Grace", "Henri", "Ines", "Jonas", "Kim", "Laura", "Marc",
    "Nadia", "Oliver", "Priya", "Quinn", "Rosa", "Samuel", "Tina", "Uwe", "Vera", "William", "Yara", "Zoe",
)  # fmt: skip
LAST_NAMES = (
    "Adams", "Bauer", "Chen", "Dubois", "Evans", "Fischer", "Garcia", "Hughes", "Ivanov", "Jensen", "Keller", "Laurent",
    "Moreau", "Nguyen", "Owens", "Petit", "Quirk", "Richter", "Santos", "Taylor", "Ueda", "Vogel", "Walker", "Young",
)  # fmt: skip
# title, function, seniority; the first is the key contact.
POSITIONS = (
    ("Managing director", "Management", "c_level"),
    ("Purchasing manager", "Purchasing", "manager"),
    ("Store manager", "Sales", "manager"),
    ("Marketing lead", "Marketing", "staff"),
    ("Service lead", "Aftermarket", "staff"),
)
# visit type, purpose, goal
PURPOSES = (
    ("business_review", "Review the quarter together", "Agree on what changes next quarter"),
    ("planning", "Plan the spring season", "Touring orders agreed month by month"),
    ("enablement", "Train the floor staff on the new frames", "Two people can fit and explain the new frames"),
    ("joint_customer", "Visit the city's bike-lease project", "A joint offer with names and dates"),
    ("relationship", "Meet the new purchasing manager", "Know how decisions are made from now on"),
    ("issue", "Late deliveries in the last month", "Agree how late orders are announced"),
)
# block, text, minutes
AGENDA = (
    ("profitability", "Where the margin came from since the last visit", 20),
    ("pipeline", "Open offers, one by one", 20),
    ("product", "What is new in the range, and what goes", 15),
    ("people", "Who needs training before the season", 15),
    ("marketing", "The demo day: date, bikes, who invites", 20),
    ("aftermarket", "Parts and service: returns and stock", 15),
    ("actions", "What both promised last time", 10),
)
NOTES = (
    "Good talk. The floor is full of last year's models; that blocks new orders until the sale in autumn.",
    "They compare us with a second supplier on delivery time, hardly on price.",
    "The owner wants to open a second shop next year and asks for terms.",
    "Service revenue grows faster than bikes. They would take a bigger parts stock.",
    "Short and friendly. Nothing decided; the buyer was new in the role.",
    "They liked the touring range and want two demo bikes for a month.",
    "Complaint about the last delivery: three boxes damaged. Solved on the spot.",
    "Price pressure from the web shop in the next town. Wants help with the display.",
)
NEXT_STEPS = (
    "Send the order plan",
    "Ask logistics about the late boxes",
    "Call about the demo bikes",
    "Prepare the offer for the lease project",
    "Find a date for the training",
)
PROMISES = {
    "vendor": (
        "Send the price list for the season",
        "Lend two demo bikes for four weeks",
        "Train two people on the new frames",
        "Announce every late delivery two days ahead",
        "Pay the open marketing claim",
        "Bring a display for helmets",
    ),
    "partner": (
        "Name the two people for the training",
        "Send the order plan for the touring range",
        "Clear the floor for the spring models",
        "Invite 40 customers to the demo day",
        "Report sales by model every month",
        "Put the helmet display by the entrance",
    ),
}
FEEDBACK = (
    ("decision", "They take the touring range into both shops."),
    ("risk", "A second supplier courts them with shorter delivery times."),
    ("opportunity", "The city leases 120 bikes to its staff next year."),
    ("feedback", "Invoices are hard to match with deliveries."),
    ("competitor", "The shop next door opened a test track."),
)
