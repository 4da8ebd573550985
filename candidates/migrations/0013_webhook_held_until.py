from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('candidates', '0012_document_warned_at'),
    ]

    operations = [
        migrations.AddField(
            model_name='webhook',
            name='held_until',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name='event',
            name='kind',
            field=models.CharField(choices=[('candidate.created', 'candidate created'), ('candidate.updated', 'candidate changed'), ('candidate.merged', 'candidates merged'), ('candidate.deleted', 'candidate removed'), ('prospect.created', 'prospect added'), ('prospect.moved', 'prospect moved to a stage'), ('prospect.removed', 'prospect taken out again'), ('prediction.created', 'prediction made'), ('ranking.finished', 'ranking finished'), ('model.promoted', 'model promoted'), ('drift.alert', 'drift alert'), ('import.finished', 'import finished'), ('webhook.test', 'test')], max_length=30, verbose_name='event'),
        ),
    ]
