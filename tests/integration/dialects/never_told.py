"""What follows where a vendor does not say when a person was told of a rejection: the application still runs."""

from __future__ import annotations

from tests.integration.same_world import Differences, Told, told_no, without_news_of_a_no


class NeverTold(Differences):
    """A vendor without told_at: the row `decision.ground, outbox.payload` of the table."""

    def check_decisions(self, files: Told, vendor: Told) -> None:
        """The same but for the ground of who was told no."""
        of_files, of_vendor = (one.of_people("decision") for one in (files, vendor))
        told = told_no(files)
        other = {who for who, rows in of_files.items() if rows != of_vendor[who]}

        assert of_vendor.keys() == of_files.keys()
        assert other and all(told & {record for _, record, *_ in who} for who in other)
        for who in other:
            assert [row | {"ground": "legitimate_interest"} for row in of_vendor[who]] == of_files[who]

    def check_plan(self, files: Told, vendor: Told) -> None:
        """The same but for the words to who was told no."""
        of_files, of_vendor = files.actions(), vendor.actions()
        told = told_no(files)
        other = [one for one in of_files if one not in of_vendor]

        assert other
        assert {(one["kind"], one["contact_id"] in told) for one in other} == {("create_task", True)}
        assert [without_news_of_a_no(one) for one in of_vendor if one not in of_files] == [
            without_news_of_a_no(one) for one in other
        ]
