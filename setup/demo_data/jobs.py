"""Queued jobs, done here one after the other."""

from odoo.addons.queue_job.job import Job


def do_jobs(env, channel):
    """Do the jobs of a channel; yield after each, committed."""
    while job := _next_job(env, channel):
        job.set_started()
        job.perform()
        job.set_done()
        job.store()
        job.enqueue_waiting()
        env.cr.commit()
        # Memory stays flat, however long the run.
        env.invalidate_all()
        yield job


def _next_job(env, channel):
    stored = (
        env["queue.job"]
        .sudo()
        .search(
            [("channel", "=", channel), ("state", "in", ("pending", "enqueued"))],
            order="id",
            limit=1,
        )
    )
    return Job.load(env, stored.uuid) if stored else None
