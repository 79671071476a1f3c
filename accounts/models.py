from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """An editor or administrator. Our own model from the start, so that it can grow without moving accounts."""

    def __str__(self) -> str:
        return self.get_full_name() or self.username
