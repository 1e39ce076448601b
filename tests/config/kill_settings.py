"""Settings of ``kill_writer``: a worker that died is noticed within seconds, not minutes."""

from tests.settings import *  # noqa: F403
from tests.settings import Q_CLUSTER

Q_CLUSTER = Q_CLUSTER | {"timeout": 5, "retry": 6, "poll": 0.2, "workers": 1}
