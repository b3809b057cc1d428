from django.db import migrations, models

import vakhta.places.keys


class Migration(migrations.Migration):
    dependencies = [("places", "0002_scope")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="family_key",
            field=models.GeneratedField(
                db_persist=True,
                expression=vakhta.places.keys.FamilyKey(models.F("name")),
                output_field=models.CharField(max_length=160),
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                fields=["family_key", "company"],
                name="person_by_family",
                opclasses=["varchar_pattern_ops", "int8_ops"],
            ),
        ),
    ]
