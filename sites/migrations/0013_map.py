"""The map: counts of places by cell, kept by triggers; indexes for what lies in a box, by name, and by words."""

from django.db import migrations, models

# One statement changes all levels: a cell is found by shifting the number of the finest one (rules/cells.py). Cells are
# locked in one order.
ADD = """
    INSERT INTO casserole_sites_mapcell AS c (level, y, x, kind, count, latitudes, longitudes)
    SELECT l.level, (r.y + (4 ^ l.level)::int / 2) >> (2 * l.level), (r.x + (4 ^ l.level)::int / 2) >> (2 * l.level),
        r.kind, sum(r.sign), sum(r.sign * r.north), sum(r.sign * r.east)
    FROM (
        SELECT sign, kind, floor(latitude / 0.00125::float8)::int AS y, floor(longitude / 0.00125::float8)::int AS x,
            round(latitude * 1000000)::bigint AS north, round(longitude * 1000000)::bigint AS east
        FROM ({rows}) AS changed
    ) AS r CROSS JOIN generate_series(0, 4) AS l(level)
    GROUP BY 1, 2, 3, 4 HAVING sum(r.sign) <> 0 OR sum(r.sign * r.north) <> 0 OR sum(r.sign * r.east) <> 0
    ORDER BY 1, 2, 3, 4
    ON CONFLICT (level, y, x, kind) DO UPDATE SET count = c.count + EXCLUDED.count,
        latitudes = c.latitudes + EXCLUDED.latitudes, longitudes = c.longitudes + EXCLUDED.longitudes;
"""
STANDING = {
    "place": "WHERE gone_at IS NULL AND merged_into_id IS NULL",
    "evidence": "",
}


def _rows(sign: int, table: str, what: str) -> str:
    return f"SELECT {sign} AS sign, kind, latitude, longitude FROM {table} {STANDING[what]}"  # noqa: S608 - names are ours


def _counting(what: str) -> str:
    came, went = _rows(1, "came", what), _rows(-1, "went", what)
    function, table = f"casserole_sites_count_{what}", f"casserole_sites_{what}"
    return f"""
CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'INSERT' THEN {ADD.format(rows=came)}
    ELSIF TG_OP = 'DELETE' THEN {ADD.format(rows=went)}
    ELSE {ADD.format(rows=f"{came} UNION ALL {went}")}
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER {what}_came AFTER INSERT ON {table} REFERENCING NEW TABLE AS came
    FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE TRIGGER {what}_went AFTER DELETE ON {table} REFERENCING OLD TABLE AS went
    FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE TRIGGER {what}_changed AFTER UPDATE ON {table} REFERENCING OLD TABLE AS went NEW TABLE AS came
    FOR EACH STATEMENT EXECUTE FUNCTION {function}();
{ADD.format(rows=_rows(1, table, what))}
"""


def _uncounting(what: str) -> str:
    triggers = [f"DROP TRIGGER {what}_{how} ON casserole_sites_{what};" for how in ("came", "went", "changed")]
    return "\n".join([*triggers, f"DROP FUNCTION casserole_sites_count_{what}();"])


# By name, those without one last; queries/maps.py and queries/places.py ask in the same words.
INDEXES = """
CREATE INDEX place_standing_by_name ON casserole_sites_place ((sort_key = ''), sort_key, id)
    WHERE gone_at IS NULL AND merged_into_id IS NULL;
CREATE INDEX place_standing_by_kind ON casserole_sites_place (kind, (sort_key = ''), sort_key, id)
    WHERE gone_at IS NULL AND merged_into_id IS NULL;
CREATE INDEX place_by_words ON casserole_sites_place
    USING gin (to_tsvector('simple', regexp_replace(sort_key, '[^[:alnum:]]+', ' ', 'g')));
CREATE INDEX backdrop_by_box ON casserole_sites_backdrop USING gist (box(point(west, south), point(east, north)));
"""
NO_INDEXES = """
DROP INDEX place_standing_by_name;
DROP INDEX place_standing_by_kind;
DROP INDEX place_by_words;
DROP INDEX backdrop_by_box;
"""


class Migration(migrations.Migration):
    dependencies = [("casserole_sites", "0012_signs")]
    operations = [
        migrations.CreateModel(
            name="MapCell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.PositiveSmallIntegerField()),
                ("y", models.IntegerField()),
                ("x", models.IntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("count", models.IntegerField()),
                ("latitudes", models.BigIntegerField()),
                ("longitudes", models.BigIntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("level", "y", "x", "kind"), name="map_cell_once")],
            },
        ),
        migrations.RunSQL(_counting("place"), _uncounting("place")),
        migrations.RunSQL(_counting("evidence"), _uncounting("evidence")),
        migrations.RunSQL(INDEXES, NO_INDEXES),
    ]
