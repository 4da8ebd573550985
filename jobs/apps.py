from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "jobs"
    verbose_name = _("Jobs")

    def ready(self) -> None:
        from jobs import access, merging, standing, timeline, uploading

        access.register()
        uploading.register()
        merging.register()
        timeline.register()
        standing.register()
