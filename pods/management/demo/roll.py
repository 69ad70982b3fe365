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

# What else is shared, one a line: who | kind | what | limits | for the eyes of (network unless said).
MORE = """
Rosa | space | Long table and benches, yard side | not_nights |
Nuria | tool | Camping stove and pots for thirty | |
Terrence | tool | Wheelbarrow | |
Terrence | tool | Circular saw | not_nights |
Wei | tool | Cargo bike | short |
Wei | tool | Bike stand and pump | |
Amina | relationship | Imam at the corner mosque | |
Amina | tool | Coffee urn, forty cups | |
Dawit | tool | Jumper cables | |
Linh | tool | Rice cooker, thirty portions | |
Linh | relationship | Nail salon workers on Water Street | not_nights |
Marisol | tool | Sewing machine | |
Marisol | space | Living room for ten | evenings_only | pod
Inés | tool | Blood pressure cuff | |
Kofi | tool | Set of wrenches | |
Kofi | tool | Wet vacuum | |
Ezra | tool | Label printer | |
Ezra | relationship | Two reporters who listen | | pod
João | tool | Guitar and small amplifier | weekends_only |
João | relationship | Choir of the Saint Brigid's parish | |
Thandi | tool | Megaphone | |
Thandi | space | Porch with a power outlet | |
Baraka | tool | First aid bag | |
Baraka | tool | Folding stretcher | | pod
Lucía | tool | Tamale steamer | |
Lucía | relationship | Market women of Orchard Street | |
Olek | tool | Tile cutter | |
Olek | tool | Sander | |
Sunniva | tool | Wheelchair, folding | |
Sunniva | space | Spare room for a night | short | pod
Mei | tool | Baby seat for a car | |
Mei | tool | Travel cot | |
Rafael | tool | Camera on a tripod | no_police |
Priya | tool | Nebulizer | |
Samir | tool | Trailer, 750 kg | weekends_only |
Delia | tool | Overlock machine | |
Tuấn | tool | Laptop repair tools | |
Tuấn | relationship | Temple kitchen | |
Hana | space | Playroom with a gate | not_nights |
Aaliyah | tool | Projector and screen | |
Bogdan | tool | Concrete mixer | weekends_only |
Bogdan | tool | Two sawhorses | |
Catalina | tool | Toys for a rainy day | |
Desta | tool | Injera griddle | |
Eun-ji | tool | Paper cutter | |
Farid | tool | Traffic cones, eight | |
Graciela | space | Beauty shop after hours | evenings_only |
Hollis | relationship | A lawyer at legal aid | | pod
Ifeoma | tool | Crutches, two pairs | |
Jamal | tool | Truing stand | |
Keiko | space | Quiet room for interpreting | |
Lamar | tool | Party tent, three by six | weekends_only |
Magda | relationship | Tenants of the Cannery lofts | |
Nadia | space | Garden with three raised beds | |
Ottoline | tool | Bread tins, twenty | |
Pablo | tool | Nail gun and compressor | |
Rukhsana | tool | Halal grill | |
Solomon | tool | Snow shovels, four | |
Tamar | tool | Notebooks and pens, a box | |
Ulises | tool | Drain camera | |
Vesna | space | Basement, dry, for boxes | no_stairs |
Winston | tool | Dough mixer | |
Yaw | tool | Hand truck | |
Zofia | tool | Walker | |
Birgit | tool | Banner cloth, twelve metres | |
Cyrus | tool | Tandem for blind riders | weekends_only |
Dolores | space | Market stall on Mondays | |
Emeka | tool | Door planer | |
Gil | relationship | Bus drivers of line 14 | |
Hyacinth | tool | Soup kettle, forty litres | |
Itzel | tool | Loom | |
"""
# A stack from the last evening: whose card, kind, what, limits; typed in by Rosa.
CARDS = [
    ("Fiamma", "space", "Rooftop with a view of the yard", "not nights"),
    ("Fiamma", "skill", "Italian", ""),
    ("Adaeze", "tool", "Hair clippers", ""),
    ("Ximena", "skill", "first aid", "no stairs"),
    ("Quyên", "tool", "Lion dance drum", "weekends only"),
    ("Samir", "tool", "Flour mill", ""),
]
# Another one, half typed: one card is in order, one is for somebody who is not here yet, one needs a look.
HALF = [
    ("Hollis", "", "tool", "Clipboards, ten", ""),
    ("Perla", "perla@example.net", "skill", "cooking", "weekends only"),
    ("Old Mr. Banks", "", "tool", "Rivet gun", ""),
    ("Yaw", "", "space", "Van parking behind the shop", "not nights"),
]
