from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_delete
from django.utils.translation import gettext_lazy as _


class CandidatesConfig(AppConfig):
    name = "candidates"
    verbose_name = _("Candidates")

    def ready(self) -> None:
        from candidates import converters
        from candidates.documents import filing
        from candidates.models import Document
        from candidates.roles import make_groups

        converters.register()
        pre_delete.connect(filing.row_goes, sender=Document, dispatch_uid="candidates.filing")
        post_migrate.connect(make_groups, dispatch_uid="candidates.roles")
