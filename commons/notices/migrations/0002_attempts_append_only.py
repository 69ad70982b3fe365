"""How an attempt to send ended is never rewritten: the database itself refuses it."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION casserole_attempts_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;

CREATE TRIGGER attempt_append_only BEFORE UPDATE ON notices_deliveryattempt
    FOR EACH ROW EXECUTE FUNCTION casserole_attempts_append_only();
"""
ALLOW = """
DROP TRIGGER attempt_append_only ON notices_deliveryattempt;
DROP FUNCTION casserole_attempts_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
