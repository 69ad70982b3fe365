"""What was answered and what happened is never rewritten: the database itself refuses it."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION casserole_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;

CREATE TRIGGER answer_append_only BEFORE UPDATE ON pods_answerevent
    FOR EACH ROW EXECUTE FUNCTION casserole_append_only();

-- A person who leaves is taken out of the log; the line itself stays as it was.
CREATE TRIGGER event_append_only BEFORE UPDATE ON pods_callevent
    FOR EACH ROW WHEN ((OLD.call_id, OLD.at, OLD.word, OLD.facts) IS DISTINCT FROM (NEW.call_id, NEW.at, NEW.word, NEW.facts))
    EXECUTE FUNCTION casserole_append_only();
"""
ALLOW = """
DROP TRIGGER answer_append_only ON pods_answerevent;
DROP TRIGGER event_append_only ON pods_callevent;
DROP FUNCTION casserole_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("pods", "0005_pod_ready_at")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
