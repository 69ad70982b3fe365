"""The roll of the demo: invented people, one a line, and what each of them can share."""

# What they go by | the language they read | what they can do, with +limits.
ROLL = """
Rosa | en | tenant_rights, phone_tree
Nuria | en | deescalation, first_aid
Terrence | en | legal_observer+no_police, carpentry
Wei | en | van, bike_repair
Amina | en | interpreter_am, phone_tree
Dawit | en | interpreter_am, driver+not_nights
Linh | en | interpreter_vi, cooking
Marisol | en | interpreter_es, child_care+not_nights
Inés | es | interpreter_es, nurse
Kofi | en | driver, plumbing+weekends_only
Ezra | en | tenant_rights, grant_writing
João | en | mental_health, cooking
Thandi | en | legal_observer, deescalation
Baraka | en | driver, first_aid
Lucía | es | interpreter_es, cooking
Olek | en | plumbing, carpentry+no_stairs
Sunniva | en | nurse+not_nights
Mei | en | first_aid, child_care+short
Rafael | es | legal_observer, interpreter_es+not_nights
Priya | en | nurse, mental_health
Samir | en | driver, bread baking
Delia | es | interpreter_es, sewing
Tuấn | en | interpreter_vi, bike_repair
Hana | en | sign_language, child_care
Aaliyah | en | phone_tree, mental_health+evenings_only
Bogdan | en | carpentry, van+weekends_only
Catalina | es | child_care, cooking
Desta | en | interpreter_am, cooking
Eun-ji | en | grant_writing, sewing
Farid | en | first_aid, driver
Graciela | es | interpreter_es+short, phone_tree
Hollis | en | legal_observer
Ifeoma | en | nurse, first_aid
Jamal | en | bike_repair, plumbing
Keiko | en | sign_language
Lamar | en | van, cooking
Magda | en | tenant_rights+no_police
Nadia | en | mental_health, child_care+short
Ottoline | en | grant_writing, bread baking
Pablo | es | carpentry, interpreter_es+evenings_only
Quyên | en | interpreter_vi
Rukhsana | en | cooking, sewing
Solomon | en | driver+no_police, phone_tree
Tamar | en | legal_observer, tenant_rights
Ulises | es | plumbing, van
Vesna | en | first_aid+no_stairs
Winston | en | deescalation, bread baking
Ximena | es | child_care
Yaw | en | driver
Zofia | en | nurse+weekends_only
Adaeze | en | mental_health
Birgit | en | sewing
Cyrus | en | bike_repair
Dolores | es | cooking, phone_tree
Emeka | en | carpentry
Fiamma | en | first_aid
Gil | en |
Hyacinth | en | cooking+no_stairs
Itzel | es | interpreter_es
Yusuf | en | driver, interpreter_am
"""

# From when until when they are left in peace, and whether an urgent call may wake them all the same.
QUIET = {
    "Rosa": (23, 6, True),
    "Nuria": (22, 7, True),
    "Marisol": (22, 6, True),
    "Wei": (0, 8, True),
    "Thandi": (23, 7, True),
    "Lucía": (21, 6, False),
    "Priya": (9, 15, False),
    "Zofia": (8, 14, False),
    "Graciela": (22, 7, False),
    "Solomon": (23, 7, True),
}

# Who rests, from so many days ago (or ahead) until so many days from now.
RESTING = [
    ("Inés", -3, 11),
    ("Baraka", -9, 12),
    ("Sunniva", -2, 5),
    ("Olek", -20, 40),
    ("Rosa", 24, 31),
    ("Vesna", -1, 13),
    ("Emeka", -5, 2),
    ("Marisol", 40, 47),
]

# Spaces, tools and relationships: who, kind, what, limits, a note for those who may see it.
THINGS = [
    ("Aaliyah", "space", "Church hall, eighty chairs", ("evenings_only",), "Ask the sexton for the side door."),
    ("Ottoline", "space", "Kitchen with two ovens", ("short",), ""),
    ("Winston", "space", "Dry garage for furniture", (), "Room for about one flat."),
    ("Terrence", "tool", "Ladder, four metres", (), ""),
    ("Terrence", "tool", "Cordless drill and bits", (), "Please bring it back charged."),
    ("Lamar", "tool", "Sound system", ("weekends_only",), ""),
    ("Olek", "tool", "Pipe snake", (), ""),
    ("Rosa", "tool", "Folding tables, six", (), ""),
    ("Ezra", "relationship", "Knows the clerk at housing court", (), "Call before noon."),
    ("Ifeoma", "relationship", "Night nurse at the clinic", ("not_nights",), ""),
    ("Dolores", "relationship", "Market stall holders", (), ""),
]
