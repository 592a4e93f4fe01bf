import pytest

pytest.register_assert_rewrite("tests.contract.ats_reads", "tests.contract.ats_suite")
