"""Whatever is written, wherever it is: what is drafted and approved holds against the schema of OASIS."""

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from jishi.base.errors import Refused
from jishi.exchange.cap import actions, queries, rendering
from jishi.exchange.cap.codes import MsgType
from jishi.exchange.cap.content import Round, Words
from jishi.exchange.tests.alerts import EN, OVER, OVER_EN, SQUARE, a_content
from jishi.exchange.tests.capdocs import read, said
from jishi.matters.tests import factory
from jishi.stations import crew
from jishi.stations.models import Area
from jishi.stations.queries import forget


class Everything(TestCase):
    """Whatever is written, wherever it is: what is drafted and approved holds against the schema."""

    @settings(max_examples=25)
    @given(st.data())
    def test_whatever_is_written_goes_out_whole(self, data):
        crew.forget()
        forget()
        house = factory.a_station()
        text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
        area = Area.objects.create(station=house.station, code="drawn", name="社区", polygon=SQUARE)

        def content():
            return a_content(
                zh=Words(*(data.draw(text) for _ in range(5))),
                areas=(area.pk,) if data.draw(st.booleans()) else (),
                en=EN if data.draw(st.booleans()) else Words(),
                circle=data.draw(
                    st.none() | st.builds(Round, st.floats(-180, 180), st.floats(-90, 90), st.integers(50, 50_000))
                ),
            )

        try:
            draft = actions.draft_alert(house.station, content(), by=house.desk)
        except Refused as refusal:
            assert refusal.code in ("personal", "missing", "flat"), refusal
            return
        last = actions.approve_alert(draft, by=house.chief)
        for kind in data.draw(st.lists(st.sampled_from(["update", "cancel"]), max_size=3)):
            if last.msg_type == MsgType.CANCEL:
                break
            try:
                if kind == "update":
                    draft = actions.draft_update(last, content(), by=house.desk)
                else:
                    draft = actions.draft_cancel(last, OVER, OVER_EN if last.headline_en else Words(), by=house.desk)
            except Refused as refusal:
                assert refusal.code in ("personal", "missing", "flat"), refusal
                break
            last = actions.approve_alert(draft, by=house.chief)
        chain = [*rendering.earlier(last), last]
        for place, each in enumerate(chain):
            root = read(queries.kept_document(each))
            assert len(" ".join(said(root, "references")).split()) == place
            assert said(root, "event")[0] == chain[0].event_zh
