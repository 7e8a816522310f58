import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from cardea import Cardea  # noqa: E402


@pytest.fixture(scope="module")
def cardea():
    with Cardea() as running:
        yield running


@pytest.fixture(scope="module")
def cognito(cardea):
    return cardea.client()


@pytest.fixture
def refuses():
    """refuses(cognito.exceptions.X, message): the call in the block raises that class with exactly that message."""

    class Refusal:
        def __init__(self, kind, message):
            self.kind, self.message = kind, message

        def __enter__(self):
            return self

        def __exit__(self, kind, error, _trace):
            assert error is not None, f"accepted, though {self.kind.__name__} was expected"
            if not isinstance(error, self.kind):
                return False
            assert error.response["Error"]["Code"] == self.kind.__name__
            assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 400
            if self.message is not None:
                assert error.response["Error"]["Message"] == self.message
            return True

    return lambda kind, message=None: Refusal(kind, message)
