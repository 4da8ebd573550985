from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0005_learning_that_can_be_believed"),
    ]

    operations = [
        migrations.AddField(
            model_name="ranking",
            name="order",
            field=models.CharField(
                choices=[("model", "score"), ("requirements", "requirements met")],
                default="model",
                max_length=12,
                verbose_name="ordered by",
            ),
        ),
    ]
