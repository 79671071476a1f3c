import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from annotations.joining import catch_up
from annotations.roles import EDITORS
from annotations.sample import Loaded, load
from annotations.suggested import is_on, read
from annotations.suggesting import load_nlp
from articles.models import Article

SEEDS = settings.BASE_DIR / "seeds"

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are taken for one another."""


class Command(BaseCommand):
    help = (
        "Load the sample story with suggestions to review, and make an editor and an administrator to try it with. "
        "Safe to run again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--editor-password", metavar="PASSWORD", help="Instead of a random one.")
        parser.add_argument("--admin-password", metavar="PASSWORD", help="Instead of a random one.")
        parser.add_argument(
            "--force", action="store_true", help="Load it into the database of DATABASE_URL, too."
        )

    def handle(self, **options: Any) -> None:
        if os.environ.get("DATABASE_URL") and not settings.DEBUG and not options["force"]:
            raise CommandError(
                "DATABASE_URL names a database of your own. This would put made-up articles and two accounts "
                "into it. If you want that, say --force."
            )
        with transaction.atomic():
            editor = self.account("editor", options["editor_password"], last_name="Editor")
            self.account("admin", options["admin_password"], last_name="Administrator", is_superuser=True)
            loaded = load(SEEDS, by=editor)
        self.tell(loaded)
        if loaded:
            self.suggest(loaded)
            catch_up(timezone.now())

    def suggest(self, loaded: Loaded) -> None:
        """What the engine finds besides, for an editor to review: at once, where a worker would take a minute."""
        if not is_on():
            return
        nlp, versions = load_nlp(), Article.objects.filter(stories=loaded.story).newest_first()
        outcomes = [
            read(version, nlp=nlp, now=timezone.now())
            for version in versions.values_list("current_version", flat=True)
        ]
        self.stdout.write(f"Suggestions to review: {sum(outcome.added for outcome in outcomes)}.")

    def tell(self, loaded: Loaded | None) -> None:
        if loaded is None:
            self.stdout.write("The sample story is here already; nothing was changed.")
            return
        told = ", ".join(f"{count} {name}" for name, count in loaded.counts.items())
        self.stdout.write(f"Loaded the sample story “{loaded.story}”: {told}.")
        for name, counts in (("Quotes", loaded.quotes), ("Anchors", loaded.anchors)):
            self.stdout.write(
                f"{name}: " + ", ".join(f"{count} {state}" for state, count in sorted(counts.items())) + "."
            )

    def account(self, username: str, password: str | None, **fields: Any) -> User:
        """The account of that name; made with the given password or a random one if it is not there.

        A given password is set on an account that is there, too. On our own database the password is kept
        in a file that only its owner can read, so that it is told again the next time.
        """
        user = User.objects.filter(username=username).first()
        kept = settings.DATA_DIR / f"{username}-password"
        if user is None or password:
            is_new = user is None
            user = user or User(username=username, first_name="Sample", is_staff=True, **fields)
            password = password or random_password()
            try:
                validate_password(password, user)
            except ValidationError as error:
                raise CommandError(f"The password of “{username}”: {' '.join(error.messages)}") from None
            user.set_password(password)
            user.save()
            if is_new and not user.is_superuser:
                user.groups.add(Group.objects.get(name=EDITORS))
            if not os.environ.get("DATABASE_URL"):
                keep_secret(kept, password)
        else:
            password = kept.read_text(encoding="utf-8").strip() if kept.exists() else ""
        if password and user.check_password(password):
            self.stdout.write(f"Log in as {username} with the password {password}")
        else:
            self.stdout.write(f"Log in as {username} with the password that was set for it.")
        return user


def random_password() -> str:
    """Sixteen letters and digits in four groups: 79 bits, and no trouble to type."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


def keep_secret(path: Path, secret: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(file, "w", encoding="utf-8") as kept:
        os.fchmod(file, 0o600)
        kept.write(secret + "\n")
