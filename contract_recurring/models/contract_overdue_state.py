from odoo import fields, models
from odoo.tools import SQL


class ContractContract(models.Model):
    """How far a contract in debt has come on the ladder of dunning."""

    _inherit = "contract.contract"

    overdue_state = fields.Selection(
        [
            ("none", "Nothing open"),
            ("due", "To be paid"),
            ("overdue", "Overdue"),
            ("noticed", "Notice given"),
            ("restricted", "Restricted"),
            ("terminating", "To be cancelled"),
        ],
        string="Dunning",
        default="none",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        help="The furthest step taken for an open invoice of the contract. A notice "
        "counts once it is proved to be sent.",
    )

    def _refresh_overdue_state(self, day):
        """Let the stored rung follow invoices, steps taken and notices proved, in
        one query."""
        if not self:
            return
        self.env["contract.notice"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                WITH ladder AS (
                    SELECT invoice.contract_id, MAX(CASE
                           WHEN NOT invoice.is_overdue THEN 1
                           WHEN proven.kind = 'termination_notice' THEN 5
                           WHEN entry.kind IN ('reduce', 'block') THEN 4
                           WHEN proven.kind = 'notice' THEN 3
                           ELSE 2 END) AS rung
                      FROM (%(invoices)s) invoice
                      LEFT JOIN contract_dunning_entry entry
                        ON entry.contract_id = invoice.contract_id
                       AND entry.move_id = invoice.move_id
                       AND entry.state = 'done'
                      LEFT JOIN (%(notices)s) proven
                        ON proven.move_id = entry.move_id AND proven.kind = entry.kind
                     WHERE invoice.contract_id = ANY(%(ids)s)
                     GROUP BY invoice.contract_id),
                present AS (
                    SELECT contract.id, (ARRAY['none', 'due', 'overdue', 'noticed',
                           'restricted', 'terminating'])[COALESCE(rung, 0) + 1] AS state
                      FROM contract_contract contract
                      LEFT JOIN ladder ON ladder.contract_id = contract.id
                     WHERE contract.id = ANY(%(ids)s))
                UPDATE contract_contract
                   SET overdue_state = present.state
                  FROM present
                 WHERE contract_contract.id = present.id
                   AND overdue_state IS DISTINCT FROM present.state
                """,
                invoices=self._open_invoices_sql(day),
                notices=self._proven_notices_sql(),
                ids=self.ids,
            )
        )
        if self.env.cr.rowcount:
            self.invalidate_recordset(["overdue_state"], flush=False)
