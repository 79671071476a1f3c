"""The workers' jobs: looking for quotes in the articles of stories, one version a job; comparing quotes, and names."""

from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

AT_ONCE = 40
"""Jobs that wait at most: an import of any size is looked through in this many steps a minute, and other jobs get
their turn in between."""

AGAIN = RetryStrategy(max_attempts=4, exponential_wait=4)
"""Of what can go wrong, such as PostgreSQL being restarted, most is over within minutes. What the engine itself
fails on is noted with the version, and not tried again."""


@app.periodic(cron="* * * * *")
@app.task(queue="suggestions", queueing_lock="order_suggestions")
def order_suggestions(timestamp: int) -> None:
    """Order the reading of what has not been read yet, the newest articles first."""
    from annotations.suggested import is_on, unread

    if not is_on():
        return
    waiting = ProcrastinateJob.objects.filter(task_name=suggest_in.name, status__in=["todo", "doing"])
    room = AT_ONCE - waiting.count()
    if room > 0:
        for version in list(unread().values_list("current_version", flat=True)[:room]):
            have_read(version)


@app.periodic(cron="* * * * *")
@app.task(queue="suggestions", queueing_lock="compare_quotes")
def compare_quotes(timestamp: int) -> None:
    """Compare anew the quotes of all speakers of whom one has changed: which may be one utterance?"""
    from annotations.joining import catch_up

    catch_up(timezone.now())


@app.periodic(cron="* * * * *")
@app.task(queue="suggestions", queueing_lock="compare_names")
def compare_names(timestamp: int) -> None:
    """Compare anew the names of all actors that have others now: who may be one?"""
    from annotations.duplicates import catch_up

    catch_up(timezone.now())


def have_read(version_id: int) -> None:
    """Queue a job, unless one for the same version waits already."""
    try:
        with transaction.atomic():
            suggest_in.configure(queueing_lock=f"suggest-{version_id}").defer(version_id=version_id)
    except AlreadyEnqueued:
        pass


@app.task(queue="suggestions", retry=AGAIN)
def suggest_in(version_id: int) -> None:
    from annotations.suggested import is_on, read
    from annotations.suggesting import load_nlp
    from articles.models import Version

    if is_on() and Version.objects.filter(pk=version_id).exists():
        read(version_id, nlp=load_nlp(), now=timezone.now())
