"""The words of each place's name in a column, so that no search has to part names into words again."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

# The index of 0013, over an expression: the table is written anew once, and it need not be kept up for that.
OLD = """
CREATE INDEX place_by_words ON casserole_sites_place
    USING gin (to_tsvector('simple', regexp_replace(sort_key, '[^[:alnum:]]+', ' ', 'g')));
"""


class Migration(migrations.Migration):
    dependencies = [("casserole_sites", "0015_first_offered")]
    operations = [
        migrations.RunSQL("DROP INDEX place_by_words", OLD),
        migrations.AddField(
            model_name="place",
            name="words",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.contrib.postgres.search.SearchVector(
                    models.Func(
                        models.F("sort_key"),
                        models.Value("[^[:alnum:]]+"),
                        models.Value(" "),
                        models.Value("g"),
                        function="regexp_replace",
                        output_field=models.TextField(),
                    ),
                    config="simple",
                ),
                output_field=django.contrib.postgres.search.SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            model_name="place",
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["words"], name="place_by_words"),
        ),
    ]
