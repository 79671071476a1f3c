"""Actors, their other names and their roles, as the desk keeps them."""

from typing import Any, ClassVar

from django import forms
from django.http import QueryDict

from annotations.forms.names import NamesForm
from annotations.forms.quotes import day_field
from annotations.forms.seen import SeenForm
from annotations.models import Actor, Alias, Role
from annotations.naming import Named, bearers
from annotations.querysets import ActorQuerySet
from articles.slugs import unique_slug
from articles.text import one_line


class ActorSearchForm(forms.Form):
    """Words of a name, alias or role; a kind; only those who share a name. What is none of them is left out."""

    q = forms.CharField(label="Name, alias or role", required=False, max_length=200)
    kind = forms.ChoiceField(required=False, choices=[("", "Any kind"), *Actor.Kind.choices])
    twice = forms.BooleanField(label="Only those who share a name", required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.full_clean()

    @property
    def is_on(self) -> bool:
        return any(self.cleaned_data.values())

    def found(self) -> ActorQuerySet:
        chosen = self.cleaned_data
        actors = Actor.objects.standing()
        if chosen.get("kind"):
            actors = actors.filter(kind=chosen["kind"])
        if chosen.get("twice"):
            actors = actors.namesakes()
        if words := chosen.get("q"):
            # Distinct rows can be put in order only by what is selected of them.
            actors = Actor.objects.filter(pk__in=actors.resembling(words).order_by().values("pk"))
        return actors.by_name()


class ActorForm(SeenForm):
    """An actor. A name that somebody bears already is asked about: `another` says that it is somebody else."""

    another = forms.BooleanField(label="This is somebody else of the same name", required=False)

    instance: Actor

    class Meta:
        model = Actor
        fields: ClassVar = ["name", "kind", "description", "wikidata_id"]
        widgets: ClassVar = {"description": forms.Textarea(attrs={"rows": 3})}
        labels: ClassVar = {"wikidata_id": "Wikidata identifier"}
        help_texts: ClassVar = {
            "description": "Who this is, in a sentence. It tells people of the same name apart.",
            "wikidata_id": "A Q and a number, such as Q80976.",
        }

    def __init__(self, data: Any = None, *, instance: Actor) -> None:
        super().__init__(data, instance=instance, auto_id="actor-%s")
        self.fields["another"].show_hidden_initial = False
        self.others: list[Named] = []

    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError("Give the name.")
        return name

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        name = data.get("name", "")
        if name and name.casefold() != self.initial.get("name", "").casefold():
            self.others = [one for one in bearers(name) if one.pk != self.instance.pk]
            if self.others and not data.get("another"):
                self.add_error("name", "Somebody here has this name already. Is it the same?")
        return data

    def create(self) -> Actor:
        self.instance.slug = unique_slug(Actor.objects.all(), self.instance.name, fallback="actor")
        self.instance.save()
        return self.instance

    def change(self) -> Actor:
        """The slug stays: others may have linked to it."""
        self.instance.save(update_fields=["name", "kind", "description", "wikidata_id"])
        return self.instance


class AliasForm(forms.Form):
    """One more name of an actor."""

    name = forms.CharField(
        label="Another name",
        max_length=200,
        help_text="As articles write it, such as “BBC” or “Mike Pompeo”.",
        error_messages={"required": "Give the other name."},
    )

    def __init__(self, data: Any = None, *, actor: Actor) -> None:
        super().__init__(data, auto_id="alias-%s")
        self.actor = actor

    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError("Give the other name.")
        if name.casefold() == self.actor.name.casefold():
            raise forms.ValidationError("That is the actor’s name already.")
        if self.actor.aliases.filter(name__iexact=name).exists():
            raise forms.ValidationError("The actor has this alias already.")
        return name

    def create(self) -> str:
        """Adds the alias; says so, and who else is called that."""
        name = self.cleaned_data["name"]
        others = [one for one in bearers(name) if one != self.actor]
        Alias.objects.create(actor=self.actor, name=name)
        said = f"Alias “{name}” added."
        return f"{said} {others[0].name} has this name too: forms will ask who is meant." if others else said


class HeldRoleForm(NamesForm):
    """An office of an actor, for a time."""

    NAMES = {"organisation": False}

    title = forms.CharField(
        max_length=200,
        help_text="Such as “Foreign Secretary”.",
        error_messages={"required": "Give the role’s title."},
    )
    organisation = forms.CharField(required=False, max_length=200, help_text="Of whom or where: an actor.")
    since = day_field("From")
    until = day_field("Until", help_text="The last day. Empty: still held.")

    def __init__(self, data: Any = None, *, actor: Actor, role: Role | None = None) -> None:
        super().__init__(data, initial=_role_values(role) if role else {}, auto_id="role-%s")
        self.actor, self.role = actor, role

    def clean_title(self) -> str:
        title = one_line(self.cleaned_data["title"])
        if not title:
            raise forms.ValidationError("Give the role’s title.")
        return title

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", "A role can’t end before it begins.")
        if self.named.get("organisation") == self.actor:
            self.add_error("organisation", "Somebody can’t hold a role in themselves.")
        return data

    def save(self) -> Role:
        """The role, new or changed; makes the organisation if the form asked for it. Call it in a transaction."""
        role = self.role or Role(actor=self.actor)
        organisation = self.settled("organisation")
        assert organisation is None or isinstance(organisation, Actor)
        role.organisation = organisation
        for name in ("title", "since", "until"):
            setattr(role, name, self.cleaned_data[name])
        role.save()
        return role


def _role_values(role: Role) -> dict[str, Any]:
    values: dict[str, Any] = {"title": role.title, "since": role.since, "until": role.until}
    if role.organisation:
        name = role.organisation.name
        values |= {
            "organisation": name,
            "organisation_choice": f"actor-{role.organisation.pk}",
            "organisation_asked": name,
        }
    return values
