from odoo import api, models


class ContractOverview(models.AbstractModel):
    """The home screen tells of payments and boletos that need a look."""

    _inherit = "contract.overview"

    @api.model
    def _get_labels(self):
        return super()._get_labels() | {
            "collection_failed": self.env._("Payments not settled"),
            "collection": self.env._("Payments and boletos"),
            "unpayable": self.env._("Boletos not registered in time"),
        }

    @api.model
    def _list_failing(self, day):
        failed = [("state", "=", "failed")]
        return super()._list_failing(day) + self._label(
            [("collection_failed", "collection.event", failed, "danger")]
        )

    @api.model
    def _list_doubtful(self, day):
        look = [("to_look", "=", True), ("state", "!=", "failed")]
        unpayable = [
            ("wait_until", "<=", day),
            ("state", "!=", "skipped"),
            ("is_boleto_unpayable", "=", True),
        ]
        return super()._list_doubtful(day) + self._label(
            [
                ("collection", "collection.event", look, "warning"),
                ("unpayable", "contract.notice", unpayable, "warning"),
            ]
        )
