"""Work that nobody has to wait for: named jobs go through a queue in our own database to the worker process.

Knows no job. `soon(name)` hands one over after the commit of what asked for it; rolled-back work queues nothing."""

import logging

from huey.api import Huey
from huey.contrib.sql_huey import SqlStorage
from huey.serializer import SignedSerializer

from portal.db import database

log = logging.getLogger("portal.background")
# The queue of this process: whoever assembles the process sets it.
_queue = None


class Queue:
    """`run(name, **arguments)` is what the worker does with a job that it takes; `tick()` comes once a minute."""

    def __init__(self, secret, run, tick=None, storage=None):
        self.huey = Huey(
            "portal",
            results=False,
            # The database holds pickles: signed, so that who can write into it cannot run code.
            serializer=SignedSerializer(secret=secret),
            **(storage or {"storage_class": SqlStorage, "database": database.obj, "create_tables": False}),
        )
        self._perform = self.huey.task(name="perform")(run)
        if tick:
            self.huey.periodic_task(_every_minute, name="tick")(tick)

    def make_tables(self):
        self.huey.storage.create_tables()

    def put(self, name, **arguments):
        self._perform(name, **arguments)

    def work(self):
        """Takes jobs until the process is told to stop."""
        self.huey.create_consumer(workers=1, initial_delay=0.2, max_delay=2, scheduler_interval=1).run()


def _every_minute(_at):
    return True


def use(queue):
    """From now on this process hands its work to `queue`; None: to nobody."""
    global _queue  # noqa: PLW0603 - one queue a process, as there is one database
    _queue = queue


def soon(name, **arguments):
    """True when the worker will run the job once the open transaction is committed; False when there is no queue, and
    who asks does it now or leaves it to the next round."""
    if _queue is None:
        return False
    queue = _queue
    database.after_commit(lambda: _put(queue, name, arguments))
    return True


def _put(queue, name, arguments):
    try:
        queue.put(name, **arguments)
    except Exception:
        # What asked for the job is committed and must be answered as done. What is due runs at the next minute anyway.
        log.exception("The job %s could not be queued", name)
