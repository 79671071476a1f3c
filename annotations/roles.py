"""The groups that make a user an editor, made after every migration so that they are always whole."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db.models import Q

EDITORS = "Editors"

EDITED_MODELS = {
    "articles": ["outlet", "story", "storyarticle", "article", "version"],
    "annotations": ["actor", "alias", "role", "claim", "quote", "event", "anchor", "stance", "utterance"],
}
"""What an editor adds and changes. Nobody deletes: annotations end as rejected or withdrawn."""


def make_groups(sender: AppConfig, **_: Any) -> None:
    create_permissions(sender, verbosity=0)  # auth's own receiver comes only after this one
    allowed = Q(pk__in=[])
    for app, models in EDITED_MODELS.items():
        names = [f"{verb}_{model}" for verb in ("view", "add", "change") for model in models]
        allowed |= Q(content_type__app_label=app, codename__in=names)
    editors, _created = Group.objects.get_or_create(name=EDITORS)
    editors.permissions.set(Permission.objects.filter(allowed))
