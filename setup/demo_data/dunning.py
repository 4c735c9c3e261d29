"""Who does not pay is dunned, day by day, by the daily run itself."""

from datetime import datetime, time, timedelta

from .jobs import do_jobs
from .progress import Progress

CHANNEL = "root.dunning"
HANDED_OVER = time(11, 5)  # UTC; the run is at eight in São Paulo


def dun(env, first, last):
    """Take the steps of each day."""
    env.company.dunning_policy_id = env.ref(
        "contract_recurring.dunning_policy_standard"
    )
    count = (last - first).days + 1
    progress = Progress("Dunning", count)
    for days in range(count):
        day = first + timedelta(days=days)
        env["contract.dunning.run"]._cron_start_daily(today=day)
        for _job in do_jobs(env, CHANNEL):
            pass
        _hand_over(env, day)
        env.cr.commit()
        progress.advance(1)


def _hand_over(env, day):
    """Write that the notices of a day left: the demo sends nothing to anybody."""
    notices = env["contract.notice"].search(
        [("state", "=", "pending"), ("date", "=", day)]
    )
    notices.write(
        {
            "state": "sent",
            "noticed_on": day,
            "sent_at": datetime.combine(day, HANDED_OVER),
        }
    )
    waiting = env["queue.job"].search(
        [
            ("model_name", "=", "contract.notice"),
            ("method_name", "=", "_send"),
            ("state", "=", "pending"),
        ]
    )
    waiting.button_cancelled()
