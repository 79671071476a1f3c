from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AnnotationsConfig(AppConfig):
    name = "annotations"

    def ready(self) -> None:
        from annotations import following  # noqa: F401  (its receivers register themselves)
        from annotations.roles import make_groups

        post_migrate.connect(make_groups, sender=self, dispatch_uid="annotations.roles")
