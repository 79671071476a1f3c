import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.reading.moments import read_moment, zone_named

LONDON = ZoneInfo("Europe/London")


class TestInstants:
    @pytest.mark.parametrize(
        "said",
        [
            "2019-05-09T09:30:00Z",
            "2019-05-09T10:30:00+01:00",
            "2019-05-09T10:30+0100",
            "2019-05-09 10:30:00.000+01:00",
            "2019-05-09T10:30:00 Europe/London",
            "20190509T093000Z",
            "2019/05/09 09:30 UTC",
            "Thu, 09 May 2019 09:30:00 GMT",
            "Thu May 09 09:30:00 +0000 2019",
            "9 May 2019 10:30 BST",
            "Thursday 9 May 2019 10.30 BST",
            "May 9, 2019 5:30 AM EDT",
            "May 9th, 2019 at 5:30 am ET",
            "09:30 GMT, 9 May 2019",
            "9. Mai 2019 11:30 CEST",
            "1557394200",
            "1557394200000",
        ],
    )
    def test_every_common_way_to_write_it_is_read(self, said):
        assert read_moment(said).at == dt.datetime(2019, 5, 9, 9, 30, tzinfo=dt.UTC)

    @given(st.datetimes(dt.datetime(1970, 1, 2), dt.datetime(2100, 1, 1)), st.integers(-14 * 60, 14 * 60))
    def test_iso_is_read_exactly(self, local, minutes):
        at = local.replace(tzinfo=dt.timezone(dt.timedelta(minutes=minutes)))
        assert read_moment(at.isoformat()).at == at
        assert read_moment(str(at)).at == at


class TestWhatIsNoInstant:
    @pytest.mark.parametrize(
        "said", ["2019-05-09", "9 May 2019", "May 9, 2019", "09.05.2019", "9 de mayo de 2019"]
    )
    def test_a_day_stays_a_day(self, said):
        moment = read_moment(said, LONDON)
        assert (moment.at, moment.day) == (None, dt.date(2019, 5, 9))
        assert "only the day 2019-05-09" in moment.note

    def test_a_time_without_a_zone_takes_the_zone_that_is_given(self):
        assert read_moment("2019-05-09T10:30:00").at is None
        assert "no time zone" in read_moment("2019-05-09T10:30:00").note
        assert read_moment("2019-05-09T10:30:00", LONDON).at == dt.datetime(2019, 5, 9, 9, 30, tzinfo=dt.UTC)

    def test_day_and_month_that_can_be_exchanged_are_not_guessed(self):
        moment = read_moment("02/03/2019 10:00 UTC")
        assert (moment.at, moment.day) == (None, None)
        assert "day/month or month/day" in moment.note

    def test_day_and_month_that_cannot_are_read(self):
        assert read_moment("13/05/2019").day == read_moment("05/13/2019").day == dt.date(2019, 5, 13)

    def test_a_time_that_the_clocks_left_out_is_none(self):
        moment = read_moment("2019-03-31T01:30:00 Europe/London")
        assert moment.at is None and "no such time" in moment.note

    def test_a_time_that_came_twice_is_none(self):
        moment = read_moment("2019-10-27T01:30:00", LONDON)
        assert moment.at is None and "twice" in moment.note

    @pytest.mark.parametrize("said", ["9 May 2019 10:00 IST", "2019-01-09 10:00 BST", "2019-05-09 10:00 XYZ"])
    def test_a_zone_that_may_be_several_is_none(self, said):
        moment = read_moment(said, LONDON)
        assert moment.at is None and "not clear" in moment.note

    @pytest.mark.parametrize("said", ["1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "1900-01-01T12:00:00Z"])
    def test_placeholders_are_none(self, said):
        moment = read_moment(said)
        assert moment.at is None and "placeholder" in moment.note

    @pytest.mark.parametrize(
        "said",
        [
            "31/02/2019",
            "yesterday",
            "yesterday 9 May 2019",
            "2019-13-01",
            "12345",
            "2021-02-29",
            "May 2019",
            "9 May 2019 25:00 UTC",
        ],
    )
    def test_what_is_no_date_is_not_understood(self, said):
        moment = read_moment(said)
        assert not moment.understood and moment.at is None and said in moment.note

    def test_nothing_says_nothing(self):
        assert read_moment(" ").understood and read_moment(" ").note == ""

    @given(st.text(max_size=60))
    def test_any_text_is_read_without_an_error(self, said):
        moment = read_moment(said, LONDON)
        assert moment.at is None or moment.at.tzinfo is not None


class TestZones:
    def test_a_name_gives_the_zone(self):
        assert zone_named("Asia/Kolkata").key == "Asia/Kolkata"

    @pytest.mark.parametrize("name", ["Mars/Base", "", "../etc/passwd", "a\x00b"])
    def test_another_name_is_refused(self, name):
        with pytest.raises(ValueError, match="no time zone"):
            zone_named(name)
