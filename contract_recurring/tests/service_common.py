from ..const import LEGAL_NOTICE_KINDS
from .common import ContractCase


class ServiceCase(ContractCase):
    """Contracts with invoices that are overdue, and steps taken for them."""

    @classmethod
    def _take_step(cls, contract, move, kind, day, **values):
        """Write that a step of dunning was taken for an invoice of a contract."""
        return cls.env["contract.dunning.entry"].create(
            {
                "contract_id": contract.id,
                "move_id": move.id,
                "kind": kind,
                "date": day,
                **values,
            }
        )

    @classmethod
    def _prove(cls, contract, move, kind, day):
        """Write that the customer was told on a day, if a step is a notice."""
        if kind not in LEGAL_NOTICE_KINDS:
            return
        notices = cls.env["contract.notice"]
        notice = notices._prepare_notices(
            [
                {
                    "contract_id": contract.id,
                    "move_ids": move.ids,
                    "kind": kind,
                    "channel": "email",
                    "key": f"proof/{kind}/{move.id}",
                }
            ]
        )
        notice.sudo().write({"state": "sent", "noticed_on": day})

    @classmethod
    def _restrict(cls, contract, move, day, kind="block"):
        """Take a restricting step and let the service follow."""
        entry = cls._take_step(contract, move, kind, day)
        contract._refresh_service_state(day)
        return entry

    def _pay(self, moves, **values):
        """Return the payment that settles invoices."""
        return (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create({"group_payment": True, **values})
            ._create_payments()
        )

    def assertService(self, contract, state, origin=False, reason=False):
        """Stored service and its replayed events are this one."""
        self.assertEqual(
            (contract.service_state, contract.service_origin, contract.service_reason),
            (state, origin, reason),
        )
        self.assertEqual(self._replay(contract), (state, reason))

    def _replay(self, contract):
        """Return (state, reason) as the events tell them, each taking up the last."""
        state, reason = "none", False
        events = contract.event_ids.filtered(lambda e: e.kind == "service_state")
        for event in events.sorted("id"):
            self.assertEqual(event.from_state, state)
            self.assertEqual(event.mrr_before, event.mrr_after)
            state, reason = event.to_state, event.service_reason
        return state, reason
